import type { Grant } from './grant.ts';

/** API Gateway writes the logs of its stages with one role for the account and Region, which it checks when it is given it. */
export function apiLogGrants(): Grant[] {
  return [
    {
      sid: 'WriteLogsOfStages',
      actions: [
        'logs:CreateLogGroup',
        'logs:CreateLogStream',
        'logs:DescribeLogGroups',
        'logs:DescribeLogStreams',
        'logs:FilterLogEvents',
        'logs:GetLogEvents',
        'logs:PutLogEvents',
      ],
      resources: ['*'],
      wildcard:
        'API Gateway takes no role that may do less than AWS’s own policy for it (AmazonAPIGatewayPushToCloudWatchLogs).',
    },
  ];
}
