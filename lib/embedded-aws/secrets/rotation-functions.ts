const MINUTE_MS = 60_000;

/** What Secrets Manager sends a rotation function. */
export interface RotationFunctionEvent {
  readonly Step: 'createSecret' | 'setSecret' | 'testSecret' | 'finishSecret';
  /** ARN. */
  readonly SecretId: string;
  readonly ClientRequestToken: string;
}

/** Stands for a Lambda function: what it throws is its failure. */
export type RotationFunction = (event: RotationFunctionEvent) => Promise<unknown>;

/** A rotation whose function is to be called, for the first time or again. */
export interface RotationJob {
  readonly accountId: string;
  readonly region: string;
  readonly secretName: string;
  readonly secretArn: string;
  readonly token: string;
  readonly lambdaArn: string;
  /** Failures so far. */
  readonly failures: number;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
}

/** After this many failures a rotation stays as it is until somebody asks again. AWS says no number. */
const MOST_FAILURES = 5;
const FIRST_WAIT_MS = 10 * MINUTE_MS;

/** The rotation functions of a world, and what Secrets Manager has still to ask them. */
export class RotationFunctions {
  readonly #functions = new Map<string, RotationFunction>();
  #jobs: RotationJob[] = [];

  /** From now on stands for the function of this ARN. */
  set(lambdaArn: string, handler: RotationFunction): void {
    this.#functions.set(lambdaArn, handler);
  }

  delete(lambdaArn: string): void {
    this.#functions.delete(lambdaArn);
  }

  get(lambdaArn: string | undefined): RotationFunction | undefined {
    return lambdaArn === undefined ? undefined : this.#functions.get(lambdaArn);
  }

  /** One rotation is asked for once; asking again makes it due at once. */
  ask(job: Omit<RotationJob, 'failures'>): void {
    this.#jobs = [...this.#jobs.filter((each) => !isSame(each, job)), { ...job, failures: 0 }];
  }

  /** Doubling waits after each failure. */
  askAgain(job: RotationJob, now: number): void {
    const failures = job.failures + 1;
    if (failures >= MOST_FAILURES) return;
    this.#jobs.push({ ...job, failures, notBefore: now + FIRST_WAIT_MS * 2 ** (failures - 1) });
  }

  /** Takes what is due out of the list, oldest first. */
  takeDue(now: number): RotationJob[] {
    const due = this.#jobs.filter((job) => job.notBefore <= now);
    this.#jobs = this.#jobs.filter((job) => job.notBefore > now);
    return due;
  }
}

function isSame(one: RotationJob, other: Pick<RotationJob, 'secretArn' | 'token'>): boolean {
  return one.secretArn === other.secretArn && one.token === other.token;
}
