/** An HTTP request as every transport hands it over: header names in lower case, the body decoded. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface WireResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a SigV4 signature claims: who signs, for which service and Region. */
export interface SignatureClaim {
  readonly accessKeyId: string;
  /** `YYYYMMDD` of the credential scope. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly presigned: boolean;
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256\s+Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]+)$/;

/** The claim in the Authorization header or in a presigned query; undefined when the request is not signed. */
export function signatureClaim(request: WireRequest): SignatureClaim | undefined {
  const header = request.headers.authorization;
  if (header !== undefined) return claimOfHeader(header);
  const signature = request.query['X-Amz-Signature'];
  const credential = request.query['X-Amz-Credential'];
  if (signature === undefined || credential === undefined) return undefined;
  const [accessKeyId, date, region, service] = credential.split('/');
  if (accessKeyId === undefined || date === undefined || region === undefined || service === undefined)
    return undefined;
  const signedHeaders = (request.query['X-Amz-SignedHeaders'] ?? '').split(';');
  return { accessKeyId, date, region, service, signedHeaders, signature, presigned: true };
}

/** The claim of an Authorization header; undefined when it is not one of SigV4. */
export function claimOfHeader(header: string): SignatureClaim | undefined {
  const [, accessKeyId, date, region, service, signedHeaders, signature] = AUTHORIZATION.exec(header) ?? [];
  if (accessKeyId === undefined || date === undefined || region === undefined) return undefined;
  if (service === undefined || signedHeaders === undefined || signature === undefined) return undefined;
  return {
    accessKeyId,
    date,
    region,
    service,
    signedHeaders: signedHeaders.split(';'),
    signature,
    presigned: false,
  };
}

/** The session token a request carries, in its header or its presigned query. */
export function sessionToken(request: Pick<WireRequest, 'headers' | 'query'>): string | undefined {
  return request.headers['x-amz-security-token'] ?? request.query['X-Amz-Security-Token'];
}
