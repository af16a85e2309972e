import { declareContract } from './contract.ts';
import { inProcessTarget, serverTarget } from './embedded-targets.ts';

declareContract(inProcessTarget);
declareContract(serverTarget);
