import type { Api } from './loopback.ts';

export interface FakeStack {
  readonly name: string;
  status: string;
  outputs: Record<string, string>;
  /** Refuses to describe anything. */
  denied: boolean;
}

/** As much of CloudFormation as finding a stack takes, on its wire protocol. */
export function stackApi(stack: FakeStack): Api {
  return async ({ body }) => {
    const name = new URLSearchParams(body).get('StackName');
    if (stack.denied) {
      return failure(
        403,
        'AccessDenied',
        'User: arn:x is not authorized to perform: cloudformation:DescribeStacks',
      );
    }
    if (name !== stack.name) return failure(400, 'ValidationError', `Stack with id ${name} does not exist`);
    const outputs = Object.entries(stack.outputs).map(
      ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
    );
    return xml(
      200,
      `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>${name}</StackName><StackStatus>${stack.status}</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime><Outputs>${outputs.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
    );
  };
}

function failure(status: number, code: string, message: string) {
  return xml(
    status,
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
  );
}

function xml(status: number, body: string) {
  return { status, contentType: 'text/xml', body };
}
