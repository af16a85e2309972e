/** CloudTrail's word of a new access key or secret, on an event bus: what is forwarded and what is listened to. */
export const BIRTH_PATTERN = {
  source: ['aws.iam', 'aws.secretsmanager'],
  'detail-type': ['AWS API Call via CloudTrail'],
  detail: {
    eventSource: ['iam.amazonaws.com', 'secretsmanager.amazonaws.com'],
    eventName: ['CreateAccessKey', 'CreateSecret'],
    // A call that failed made nothing.
    errorCode: [{ exists: false }],
  },
} as const;
