/** Where a template is deployed, as its intrinsic functions ask for it. */
export interface Place {
  readonly accountId: string;
  readonly region: string;
  readonly parameters: Readonly<Record<string, string>>;
}

type Node = Readonly<Record<string, unknown>>;

interface Resource {
  readonly Type: string;
  readonly Properties: Node;
}

const NO_VALUE = Symbol('AWS::NoValue');

/**
 * A template with every intrinsic function worked out, as CloudFormation would deploy it there; names that it would
 * make up are the logical ids. Throws for a function or resource type that it does not know.
 */
export class Deployed {
  readonly #template: Node;
  readonly #place: Place;

  constructor(template: Node, place: Place) {
    this.#template = template;
    this.#place = place;
  }

  /** Resources of a type that the template's conditions let exist. */
  resources(type: string): Resource[] {
    return Object.values(section(this.#template, 'Resources'))
      .map(node)
      .filter(({ Type, Condition }) => Type === type && this.#isTrue(Condition))
      .map(({ Properties }) => ({ Type: type, Properties: node(this.value(Properties)) }));
  }

  value(raw: unknown): unknown {
    const worked = this.#work(raw);
    return worked === NO_VALUE ? undefined : worked;
  }

  #work(raw: unknown): unknown {
    if (Array.isArray(raw)) return raw.map((each) => this.#work(each)).filter((each) => each !== NO_VALUE);
    if (typeof raw !== 'object' || raw === null) return raw;
    const entries = Object.entries(raw);
    const [[name, input] = ['', undefined]] = entries;
    if (entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::'))) return this.#call(name, input);
    return Object.fromEntries(
      entries.map(([key, value]) => [key, this.#work(value)]).filter(([, value]) => value !== NO_VALUE),
    );
  }

  #call(name: string, input: unknown): unknown {
    if (name === 'Ref') return this.#ref(String(input));
    const values = Array.isArray(input) ? input : [input];
    if (name === 'Fn::GetAtt')
      return attribute(this.#resource(String(values[0])), String(values[0]), String(values[1]), this.#place);
    if (name === 'Fn::If') return this.#work(this.#isTrue(values[0]) ? values[1] : values[2]);
    const worked = values.map((each) => this.#work(each));
    if (name === 'Fn::Join') return many(worked[1]).join(String(worked[0]));
    if (name === 'Fn::Select') return many(worked[1])[Number(worked[0])];
    if (name === 'Fn::Split') return String(worked[1]).split(String(worked[0]));
    throw new Error(`the intrinsic function ${name} is not known here`);
  }

  #ref(id: string): unknown {
    const { accountId, region, parameters } = this.#place;
    const pseudo: Readonly<Record<string, unknown>> = {
      'AWS::AccountId': accountId,
      'AWS::Region': region,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': 'stack',
      'AWS::StackId': `arn:aws:cloudformation:${region}:${accountId}:stack/stack/1`,
      'AWS::NoValue': NO_VALUE,
    };
    if (id in pseudo) return pseudo[id];
    const parameter = section(this.#template, 'Parameters')[id];
    if (parameter !== undefined) return parameters[id] ?? this.#default(id, node(parameter));
    return reference(this.#resource(id), id, this.#place);
  }

  #default(id: string, parameter: Node): unknown {
    if (parameter.Default === undefined) throw new Error(`the parameter ${id} has no value`);
    return parameter.Default;
  }

  #resource(id: string): Resource {
    const found = section(this.#template, 'Resources')[id];
    if (found === undefined) throw new Error(`the template has no resource ${id}`);
    const { Type, Properties } = node(found);
    const named = NAMES.flatMap((name) => {
      const value = node(Properties ?? {})[name];
      return value === undefined ? [] : [[name, this.#work(value)]];
    });
    return { Type: String(Type), Properties: Object.fromEntries(named) };
  }

  /** A condition by name or as an expression; absent: true. */
  #isTrue(condition: unknown): boolean {
    if (condition === undefined) return true;
    if (typeof condition === 'string') return this.#isTrue(section(this.#template, 'Conditions')[condition]);
    const [[name, input] = ['', undefined]] = Object.entries(node(condition));
    const values = Array.isArray(input) ? input : [input];
    if (name === 'Condition') return this.#isTrue(input);
    if (name === 'Fn::Equals') return this.#work(values[0]) === this.#work(values[1]);
    if (name === 'Fn::And') return values.every((each) => this.#isTrue(each));
    if (name === 'Fn::Or') return values.some((each) => this.#isTrue(each));
    if (name === 'Fn::Not') return !this.#isTrue(values[0]);
    throw new Error(`the condition function ${name} is not known here`);
  }
}

/** Properties that name a resource. */
const NAMES = ['Name', 'FunctionName', 'RoleName', 'ManagedPolicyName', 'Path', 'StateMachineName'];

/** ARNs of the resources that policies and variables speak of. */
const ARNS: Readonly<Record<string, (id: string, names: Node, place: Place) => string>> = {
  'AWS::DynamoDB::Table': (id, _names, at) => regional('dynamodb', at, `table/${id}`),
  'AWS::S3::Bucket': (id) => `arn:aws:s3:::${id.toLowerCase()}`,
  'AWS::KMS::Key': (id, _names, at) => regional('kms', at, `key/${id}`),
  'AWS::SNS::Topic': (id, _names, at) => regional('sns', at, id),
  'AWS::SQS::Queue': (id, _names, at) => regional('sqs', at, id),
  'AWS::Events::EventBus': (_id, names, at) => regional('events', at, `event-bus/${names.Name}`),
  'AWS::Lambda::Function': (_id, names, at) => regional('lambda', at, `function:${names.FunctionName}`),
  'AWS::Logs::LogGroup': (id, _names, at) => regional('logs', at, `log-group:${id}`),
  'AWS::StepFunctions::StateMachine': (_id, names, at) =>
    regional('states', at, `stateMachine:${names.StateMachineName}`),
  'AWS::IAM::Role': (id, names, at) =>
    `arn:aws:iam::${at.accountId}:role${names.Path ?? '/'}${names.RoleName ?? id}`,
  'AWS::IAM::ManagedPolicy': (_id, names, at) =>
    `arn:aws:iam::${at.accountId}:policy${names.Path ?? '/'}${names.ManagedPolicyName}`,
};
const REFERRED_BY_ARN = ['AWS::SNS::Topic', 'AWS::IAM::ManagedPolicy', 'AWS::StepFunctions::StateMachine'];

function regional(service: string, { region, accountId }: Place, resource: string): string {
  return `arn:aws:${service}:${region}:${accountId}:${resource}`;
}

function arnOf({ Type, Properties }: Resource, id: string, place: Place): string {
  const arn = ARNS[Type];
  if (arn === undefined) throw new Error(`what the ARN of ${id} (${Type}) looks like is not known here`);
  return arn(id, Properties, place);
}

function attribute(resource: Resource, id: string, name: string, place: Place): string {
  if (name.endsWith('Arn')) return arnOf(resource, id, place);
  return `<${id}.${name}>`;
}

function reference(resource: Resource, id: string, place: Place): string {
  if (REFERRED_BY_ARN.includes(resource.Type)) return arnOf(resource, id, place);
  if (resource.Type === 'AWS::S3::Bucket') return id.toLowerCase();
  const { Name, FunctionName, RoleName } = resource.Properties;
  return String(Name ?? FunctionName ?? RoleName ?? id);
}

function section(template: Node, name: string): Node {
  return node(template[name] ?? {});
}

function node(value: unknown): Node {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`this should be an object: ${JSON.stringify(value)}`);
  }
  return Object.fromEntries(Object.entries(value));
}

function many(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}
