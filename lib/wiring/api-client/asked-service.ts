import type { ApiCaller, Service } from '../../api/index.ts';

/** The service as one caller meets it, who is known by his signature or by the process he runs. */
export type AskedService = {
  readonly [Name in keyof Service]: Service[Name] extends (
    caller: ApiCaller,
    ...rest: infer Rest
  ) => infer Answer
    ? (...rest: Rest) => Answer
    : never;
};
