import { Validations } from 'aws-cdk-lib';
import type { Method, RestApi } from 'aws-cdk-lib/aws-apigateway';

interface AnsweredApi {
  readonly api: RestApi;
  readonly methods: readonly Method[];
  readonly waf: boolean;
}

/** Acknowledges what the pack finds in the API: it knows Cognito alone as a proof of who calls. */
export function acknowledgeApi({ api, methods, waf }: AnsweredApi): void {
  for (const method of methods) {
    Validations.of(method).acknowledge({
      id: 'AwsSolutions-COG4',
      reason:
        'Callers are AWS principals, who sign each request (AWS_IAM); there are no users of an application.',
    });
  }
  if (waf) return;
  Validations.of(api.deploymentStage).acknowledge({
    id: 'AwsSolutions-APIG3',
    reason:
      'Unsigned requests and other accounts end at the gateway, which limits the rate; AWS WAF is a choice of the configuration (api.waf).',
  });
}
