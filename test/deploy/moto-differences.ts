import type { KnownDifference } from '../contract/target.ts';

/** moto does what AWS refuses to do. */
function answers(reason: string): KnownDifference {
  return { reason, failsWith: /^was answered where AWS refuses$/ };
}

/** moto has no such operation and answers with a web page. */
function absent(operation: string): KnownDifference {
  return { reason: `moto has no ${operation} and answers a web page`, failsWith: /Deserialization error/ };
}

const NO_IAM_ENFORCEMENT = 'moto lets every caller do everything unless told to enforce IAM';

/**
 * Where moto 5.2.5 is known not to behave like AWS, by case of the contract. The tests assert that each
 * difference still exists and fails as described, so that this list cannot rot.
 */
export const MOTO_DIFFERENCES: Readonly<Record<string, KnownDifference>> = {
  "GetUser: a user's id begins with AIDA": {
    reason: 'moto makes user ids of 20 arbitrary lower-case characters',
    failsWith: /to match \/\^AIDA/,
  },
  'ListUsers: MaxItems cuts the list and a marker continues it': {
    reason: 'moto ignores MaxItems of ListUsers and answers everything at once',
    failsWith: /\[ 5 \] to deeply equal \[ 2, 2, 1 \]/,
  },
  'ListUsers: a marker nobody issued is refused': answers('moto ignores the Marker of ListUsers'),
  'CreateUser: names are compared without regard to case': answers('moto distinguishes user names by case'),
  'DeleteUser: refused while there are keys': answers('moto deletes a user together with its access keys'),
  'TagUser: keys are compared without regard to case': {
    reason: 'moto distinguishes tag keys of users by case',
    failsWith: /\[ '1', '2' \] to deeply equal \[ '2' \]/,
  },
  'TagUser: a 51st tag is refused': answers('moto sets no limit to the tags of a user'),
  'TagUser: the key "semi;colon" is refused': answers('moto checks no characters of tags of users'),
  'TagUser: the key "star*" is refused': answers('moto checks no characters of tags of users'),
  'TagUser: the key "line\\nbreak" is refused': answers('moto checks no characters of tags of users'),
  'TagUser: the prefix aws: is reserved': answers('moto accepts the reserved prefix in tags of users'),
  'GetAccountAuthorizationDetails: MaxItems cuts the list and a marker continues it': {
    reason: 'moto ignores MaxItems of GetAccountAuthorizationDetails and answers everything at once',
    failsWith: /expected 1 to be greater than or equal to 3/,
  },
  'ListServiceSpecificCredentials: the whole account in one listing': absent(
    'ListServiceSpecificCredentials',
  ),
  'UpdateAccessKey: a disabled key signs nothing': answers(NO_IAM_ENFORCEMENT),
  'credential report: the root account comes first and cannot say everything': {
    reason: 'moto leaves the root account out of the credential report',
    failsWith: /\[ 'ann' \] to deeply equal \[ '<root_account>', 'ann' \]/,
  },
  'credential report: a key never used has neither Region nor service': {
    reason: 'moto always writes not_supported for the Region and service of the last use',
    failsWith: /to match object/,
  },
  'credential report: no password is N/A, not "no information"': {
    reason: 'moto writes not_supported and the creation date for a user without a password',
    failsWith: /to match object/,
  },
  'credential report: cached, so that a later user is not in it': {
    reason: 'moto makes a new credential report at every request',
    failsWith: /expected true to be false/,
  },
  'GetCallerIdentity: an unknown key is refused': answers(NO_IAM_ENFORCEMENT),
  'AssumeRole: less than 900 seconds is refused': answers('moto checks no least duration of a session'),
  "AssumeRole: more than the role's own maximum is refused": answers(
    "moto does not look at a role's longest session",
  ),
  'AssumeRole: whom the trust policy does not name is refused': answers(
    'moto does not evaluate trust policies',
  ),
  'AssumeRole: a missing external id is refused': answers('moto does not evaluate trust policies'),
  'AssumeRole: a role that is not there is refused': answers(
    'moto hands out sessions of roles that do not exist',
  ),
  'secrets: an unknown one is ResourceNotFound': {
    reason: 'moto answers ResourceNotFoundException with HTTP 404 instead of 400',
    failsWith: /to match object/,
  },
  'ListSecrets: more than 100 at once is refused': answers('moto does not limit MaxResults of ListSecrets'),
  'ListSecrets: a token nobody issued is refused': {
    reason: 'moto fails with a web page when a token is not a number',
    failsWith: /Deserialization error/,
  },
  'GetSecretValue: the access shows as a day in DescribeSecret': {
    reason: 'moto keeps no last access of secrets',
    failsWith: /expected undefined to be an instance of Date/,
  },
  'GetSecretValue: the access shows in ListSecrets': {
    reason: 'moto keeps no last access of secrets',
    failsWith: /expected undefined to be an instance of Date/,
  },
  'PutResourcePolicy: what is no policy is refused': answers(
    'moto does not read resource policies of secrets',
  ),
  'PutResourcePolicy: more than 20,480 characters are refused': answers(
    'moto sets no limit to resource policies',
  ),
  'GetSecretValue: a Deny in the resource policy keeps everybody out': answers(
    'moto does not evaluate resource policies of secrets',
  ),
  'TagResource: refused while the secret is scheduled for deletion': answers(
    'moto tags secrets that are being deleted',
  ),
  'UpdateSecretVersionStage: promotes a pending version': {
    reason: 'moto keeps answering the old value after AWSCURRENT has moved',
    failsWith: /expected 'planted' to be 'two'/,
  },
  'RotateSecret: refused without a rotation function': answers(
    'moto pretends to rotate without a Lambda function',
  ),
  'ListRegions: the Regions every account has': absent('ListRegions'),
  'ListRegions: MaxResults cuts the list and a token continues it': absent('ListRegions'),
};
