import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../lib/domain/canonical.ts';
import { type EvidenceStore, FileEvidenceStore, manifestKey, policyKey } from '../../lib/ledger/index.ts';
import { S3EvidenceStore } from '../../lib/ledger/s3/index.ts';
import { type FakeBucket, fakeBucket } from './fake-bucket.ts';

let folder = '';
let bucket: FakeBucket;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'janitor-evidence-'));
  bucket = fakeBucket();
});
afterEach(() => rm(folder, { recursive: true }));

function fileStore(): FileEvidenceStore {
  return new FileEvidenceStore(join(folder, 'evidence'));
}

function s3Store(): S3EvidenceStore {
  return new S3EvidenceStore({ client: bucket.client, bucket: 'evidence', spoolFolder: folder });
}

async function read(store: EvidenceStore, key: string): Promise<string | undefined> {
  const body = await store.get(key);
  if (body === undefined) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function* pieces(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text, 'utf8');
}

async function* failing(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('half', 'utf8');
  throw new Error('the source failed');
}

describe.each([
  ['in a folder', fileStore],
  ['in S3', s3Store],
])('evidence %s', (_where, open) => {
  it('is read back as it was put, with its SHA-256', async () => {
    const store = open();
    const key = manifestKey('111122223333', 'sweep-1');
    expect(await store.put(key, pieces('some ', 'text'))).toEqual({ key, sha256: sha256('some text') });
    expect(await read(store, key)).toBe('some text');
    expect(await store.put(policyKey('abc'), Buffer.from(''))).toMatchObject({ sha256: sha256('') });
    expect(await read(store, policyKey('abc'))).toBe('');
  });

  it('that is not there is undefined', async () => {
    expect(await open().get('policies/none.json')).toBeUndefined();
  });

  it('G7: is never overwritten with other content; the same again is fine', async () => {
    const store = open();
    await store.put('policies/a.json', pieces('one'));
    expect(await store.put('policies/a.json', pieces('on', 'e'))).toMatchObject({ sha256: sha256('one') });
    await expect(store.put('policies/a.json', pieces('two'))).rejects.toMatchObject({
      code: 'evidence-exists',
    });
    expect(await read(store, 'policies/a.json')).toBe('one');
  });

  it('that breaks off half way leaves nothing', async () => {
    const store = open();
    await expect(store.put('manifests/1/half.jsonl.gz', failing())).rejects.toMatchObject({
      code: 'evidence-unavailable',
      message: expect.stringContaining('the source failed'),
    });
    expect(await store.get('manifests/1/half.jsonl.gz')).toBeUndefined();
    const left = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    );
    expect(left).toEqual([]);
  });

  it('is listed by prefix, ascending, all pages', async () => {
    const store = open();
    for (const key of ['manifests/2/c', 'manifests/1/b', 'manifests/1/a', 'policies/x', 'manifests/10/d'])
      await store.put(key, pieces(key));
    const keys: string[] = [];
    for await (const key of store.list('manifests/1')) keys.push(key);
    expect(keys).toEqual(['manifests/1/a', 'manifests/1/b', 'manifests/10/d']);
    for await (const _key of store.list('nothing/')) throw new Error('nothing is there');
  });

  it.each([
    '../outside',
    'a/../../b',
    '/etc/passwd',
    'a//b',
    '',
    'a/.hidden',
    '.incoming/x',
    'a\\b',
    'a/b\u0000',
    '..',
  ])('refuses the key %j', async (key) => {
    await expect(open().put(key, pieces('x'))).rejects.toMatchObject({ code: 'evidence-key-invalid' });
    await expect(open().get(key)).rejects.toMatchObject({ code: 'evidence-key-invalid' });
  });
});

describe('evidence in a folder', () => {
  it('of two who put one key at once, one content stays and the other is told', async () => {
    const outcomes = await Promise.allSettled(
      ['one', 'two'].map((text) => fileStore().put('policies/race.json', pieces(text))),
    );
    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(['one', 'two']).toContain(await read(fileStore(), 'policies/race.json'));
  });

  it('is only for its owner to read', async () => {
    await fileStore().put('policies/a.json', pieces('x'));
    const { mode } = await stat(join(folder, 'evidence', 'policies', 'a.json'));
    expect(mode & 0o077).toBe(0);
  });

  it('says what is wrong with the folder', async () => {
    await writeFile(join(folder, 'evidence'), 'a file, not a folder');
    await expect(fileStore().put('policies/a.json', pieces('x'))).rejects.toMatchObject({
      code: 'evidence-unavailable',
    });
    expect(await fileStore().get('policies/a.json')).toBeUndefined();
  });
});

describe('evidence in S3', () => {
  it('is put on condition that the key is free, with its checksum', async () => {
    await s3Store().put('policies/a.json', pieces('one'));
    expect(bucket.sent).toEqual(['PUT policies/a.json']);
  });

  it('whose answer was lost is found there, and is a success', async () => {
    bucket.nextPuts('lost');
    expect(await s3Store().put('policies/a.json', pieces('one'))).toMatchObject({ sha256: sha256('one') });
    expect(bucket.sent).toEqual(['PUT policies/a.json', 'HEAD policies/a.json']);
  });

  it.each([409, 500] as const)('answered %i is tried again from the start', async (status) => {
    bucket.nextPuts(status, status);
    await s3Store().put('policies/a.json', pieces('one'));
    expect(bucket.objects.get('policies/a.json')?.toString()).toBe('one');
  });

  it('that cannot be put at all says so after three attempts', async () => {
    bucket.nextPuts(500, 500, 500);
    await expect(s3Store().put('policies/a.json', pieces('one'))).rejects.toMatchObject({
      code: 'evidence-unavailable',
    });
    expect(bucket.sent.filter((each) => each.startsWith('PUT'))).toHaveLength(3);
  });

  it('that came without a checksum is compared by reading it', async () => {
    bucket.objects.set('policies/a.json', Buffer.from('one'));
    bucket.withoutChecksum.add('policies/a.json');
    await s3Store().put('policies/a.json', pieces('one'));
    await expect(s3Store().put('policies/a.json', pieces('two'))).rejects.toMatchObject({
      code: 'evidence-exists',
    });
  });
});
