import { livedHistories } from './histories.ts';

livedHistories(4);
