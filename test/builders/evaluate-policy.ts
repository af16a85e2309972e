import {
  coversAction,
  coversResource,
  holdsCondition,
  parsePolicy,
} from '../../lib/embedded-aws/policy-document.ts';

interface Asked {
  readonly action: string;
  /** Default: an action that names no resource. */
  readonly resource?: string;
  /** Condition keys in small letters. */
  readonly context?: Readonly<Record<string, string>>;
}

/** Whether a policy document alone allows something, as the embedded IAM evaluates it. */
export function allowedBy(document: object, { action, resource = '*', context = {} }: Asked): boolean {
  const applying = (parsePolicy(JSON.stringify(document)) ?? []).filter(
    (statement) =>
      coversAction(statement, action) &&
      coversResource(statement, resource) &&
      holdsCondition(statement, new Map(Object.entries(context))),
  );
  return applying.length > 0 && applying.every(({ Effect }) => Effect === 'Allow');
}
