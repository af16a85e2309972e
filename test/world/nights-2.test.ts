import { livedNights } from './nights.ts';

livedNights(2);
