import { type QueryInput, type QueryOperation, validationError, xmlTime } from '../query-protocol.ts';
import { type Call, recordChange } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import type { XmlValue } from '../xml.ts';
import { continuation, markerPosition, maxItems, namedUserOrCaller, noSuchEntity } from './lookup.ts';
import type { ServiceSpecificCredential, User } from './state.ts';

function getLoginProfile(call: Call, input: QueryInput): XmlValue {
  const user = namedUserOrCaller(call, input);
  if (user.password === undefined) throw noSuchEntity(`Login Profile for User ${user.name} cannot be found.`);
  return {
    LoginProfile: {
      UserName: user.name,
      CreateDate: xmlTime(user.password.createdAt),
      PasswordResetRequired: false,
    },
  };
}

/** The password itself is not kept. */
function createLoginProfile(call: Call, input: QueryInput): XmlValue {
  const user = namedUserOrCaller(call, input);
  if (input.optional('Password') === undefined) {
    throw validationError('Must specify password when creating a login profile');
  }
  if (user.password !== undefined) {
    throw new ServiceError('EntityAlreadyExists', 409, `Login Profile for user ${user.name} already exists.`);
  }
  user.password = { createdAt: call.now, changedAt: call.now };
  recordChange(call, user.name, { password: false }, { password: true });
  return {
    LoginProfile: {
      UserName: user.name,
      CreateDate: xmlTime(call.now),
      PasswordResetRequired: input.flag('PasswordResetRequired'),
    },
  };
}

function deleteLoginProfile(call: Call, input: QueryInput): XmlValue {
  const user = namedUserOrCaller(call, input);
  if (user.password === undefined) throw noSuchEntity(`Login Profile for User ${user.name} cannot be found.`);
  user.password = undefined;
  recordChange(call, user.name, { password: true }, { password: false });
  return undefined;
}

function describe(user: User, credential: ServiceSpecificCredential): XmlValue {
  return {
    UserName: user.name,
    Status: credential.status,
    ServiceUserName: credential.serviceUserName,
    CreateDate: xmlTime(credential.createdAt),
    ExpirationDate: credential.expiresAt === undefined ? undefined : xmlTime(credential.expiresAt),
    ServiceSpecificCredentialId: credential.id,
    ServiceName: credential.serviceName,
  };
}

/** `AllUsers` lists the whole account in pages; a listing of one user is never paged. */
function listServiceSpecificCredentials(call: Call, input: QueryInput): XmlValue {
  const service = input.optional('ServiceName');
  const ofService = (credential: ServiceSpecificCredential) =>
    service === undefined || credential.serviceName === service;
  if (!input.flag('AllUsers')) {
    const user = namedUserOrCaller(call, input);
    const found = user.serviceCredentials.filter(ofService).map((credential) => describe(user, credential));
    return { ServiceSpecificCredentials: found, IsTruncated: false };
  }
  if (input.optional('UserName') !== undefined) {
    throw new ServiceError('InvalidInput', 400, 'UserName and AllUsers cannot be used together');
  }
  const all = [...call.account.iam.users.values()].flatMap((user) =>
    user.serviceCredentials.filter(ofService).map((credential) => describe(user, credential)),
  );
  const start = markerPosition(call, input);
  const end = start + maxItems(call, input);
  return {
    ServiceSpecificCredentials: all.slice(start, end),
    ...continuation(call, end < all.length ? end : undefined),
  };
}

export const OTHER_CREDENTIAL_OPERATIONS: Readonly<Record<string, QueryOperation>> = {
  GetLoginProfile: getLoginProfile,
  CreateLoginProfile: createLoginProfile,
  DeleteLoginProfile: deleteLoginProfile,
  ListServiceSpecificCredentials: listServiceSpecificCredentials,
};
