import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, type Code, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { JanitorError } from '../../domain/error.ts';
import type { Configuration } from '../configuration/schema.ts';
import type { DeployedNames, FunctionName } from '../names.ts';
import type { GrantResources } from '../permissions/index.ts';
import { type EnvironmentFacts, environmentOf } from './environment.ts';
import { JanitorFunction } from './janitor-function.ts';

export interface FunctionsProps {
  readonly names: DeployedNames;
  /** Which functions there are. */
  readonly deployed: readonly FunctionName[];
  readonly configuration: Configuration;
  readonly facts: EnvironmentFacts;
  readonly resources: GrantResources;
  readonly packedPolicy: string;
  readonly deadLetters: IQueue;
  readonly logKey: IKey;
  readonly logRetention: RetentionDays;
  /** Code of a function; default: its bundled handler. */
  readonly codeOf: ((name: FunctionName) => Code) | undefined;
}

/** The functions of a hub. */
export class Functions extends Construct {
  readonly #functions: ReadonlyMap<FunctionName, JanitorFunction>;

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    const { configuration, codeOf, facts } = props;
    const shared = {
      names: props.names,
      resources: props.resources,
      environment: environmentOf(facts),
      packedPolicy: props.packedPolicy,
      deadLetters: props.deadLetters,
      logKey: props.logKey,
      logRetention: props.logRetention,
      removable: configuration.sandbox,
      architecture: configuration.architecture === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
    };
    this.#functions = new Map(
      props.deployed.map((name) => [
        name,
        new JanitorFunction(this, name, { ...shared, name, code: codeOf?.(name) }),
      ]),
    );
  }

  /** The Lambda function behind a name. */
  of(name: FunctionName): IFunction {
    const found = this.#functions.get(name);
    if (found !== undefined) return found.lambda;
    throw new JanitorError(`There is no function ${name}`, { code: 'function-unknown', source: 'system' });
  }
}
