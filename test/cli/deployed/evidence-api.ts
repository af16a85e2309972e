import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Api } from './loopback.ts';

/** A bucket that shows the evidence of a folder, read-only: people write none. */
export function evidenceApi(folder: string, bucket: string): Api {
  return async ({ method, path: asked, query }) => {
    const key = decodeURIComponent(asked).replace(`/${bucket}`, '').slice(1);
    if (method !== 'GET') return failure(403, 'AccessDenied');
    if (key === '') return xml(200, await listing(folder, query.prefix ?? ''));
    try {
      const body = await readFile(path.join(folder, key));
      return { status: 200, contentType: 'application/octet-stream', body };
    } catch {
      return failure(404, 'NoSuchKey');
    }
  };
}

async function listing(folder: string, prefix: string): Promise<string> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const keys = files
    .filter((file) => file.isFile())
    .map((file) => path.relative(folder, path.join(file.parentPath, file.name)))
    .filter((key) => key.startsWith(prefix))
    .map((key) => `<Contents><Key>${key}</Key></Contents>`);
  return `<ListBucketResult><IsTruncated>false</IsTruncated>${keys.join('')}</ListBucketResult>`;
}

function failure(status: number, code: string) {
  return xml(status, `<Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}

function xml(status: number, body: string) {
  return { status, contentType: 'application/xml', body };
}
