import { type ApiCaller, ROUTES, type Service } from '../../api/index.ts';

/** A service as one caller meets it, who is known by his signature or by the process he runs. */
export type AskedOf<Operations> = {
  readonly [Name in keyof Operations]: Operations[Name] extends (
    caller: ApiCaller,
    ...rest: infer Rest
  ) => infer Answer
    ? (...rest: Rest) => Answer
    : never;
};

export type AskedService = AskedOf<Service>;

type Operation = (caller: ApiCaller, ...rest: readonly unknown[]) => Promise<unknown>;

/** The service of this process, for one caller. The types of both follow from `Service`, name by name. */
export function askedBy(caller: ApiCaller, service: Service): AskedService {
  const operations = service as unknown as Readonly<Record<string, Operation>>;
  const asked = Object.keys(ROUTES).map((name) => [
    name,
    (...rest: readonly unknown[]) => operations[name]?.(caller, ...rest),
  ]);
  return Object.fromEntries(asked) as unknown as AskedService;
}
