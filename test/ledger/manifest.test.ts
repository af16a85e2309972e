import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonical, sha256 } from '../../lib/domain/canonical.ts';
import type { Credential } from '../../lib/domain/credential.ts';
import type { EvidenceReference } from '../../lib/domain/event.ts';
import { unknown } from '../../lib/domain/fact.ts';
import { isManifestHead, type ManifestHeader, type ManifestLine } from '../../lib/domain/manifest.ts';
import { type ChainHead, merkleRoot } from '../../lib/domain/merkle.ts';
import {
  type EvidenceStore,
  manifestKey,
  openManifest,
  readManifest,
  rememberedKeys,
} from '../../lib/ledger/index.ts';
import {
  ACCOUNT,
  accessKey,
  consolePassword,
  fact,
  NOW,
  secret,
  userPrincipal,
} from '../builders/credential.ts';
import { history, openFinding } from '../builders/history.ts';
import { type LocalLedger, localLedger } from './local-ledger.ts';
import { footer, line, POLICY_HASH } from './recorded-sweep.ts';

let local: LocalLedger;
let number = 0;

beforeAll(async () => {
  local = await localLedger();
});
afterAll(() => local.close());

function header(overrides: Partial<ManifestHeader> = {}): ManifestHeader {
  number += 1;
  return {
    schemaVersion: 1,
    sweepId: `sweep-${number}`,
    accountId: ACCOUNT,
    at: NOW,
    policyHash: POLICY_HASH,
    enforce: true,
    ...overrides,
  };
}

function head(name: string): ChainHead {
  return { subject: `credential#${name}`, seq: 3, hash: sha256(name) };
}

async function collect(lines: AsyncIterable<ManifestLine>): Promise<ManifestLine[]> {
  const all: ManifestLine[] = [];
  for await (const each of lines) all.push(each);
  return all;
}

async function written(
  lines: readonly ManifestLine[],
  of: Partial<ManifestHeader> = {},
): Promise<EvidenceReference> {
  const manifest = openManifest(local.evidence, header(of));
  for (const each of lines) await manifest.add(each);
  return manifest.finish(footer());
}

async function bytesOf({ key }: EvidenceReference): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await local.evidence.get(key)) ?? []) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('a manifest', () => {
  it('G5, G6: gives back header, every credential with its judgement and history, heads in order, footer', async () => {
    const flagged = line(accessKey(), { history: history({ findings: { x: openFinding({ rule: 'x' }) } }) });
    const kept = line(secret());
    const of = header();
    const manifest = openManifest(local.evidence, of);
    for (const each of [head('b'), flagged, head('a'), kept]) await manifest.add(each);
    const heads = [head('a'), head('b')];
    expect(manifest.headsRoot()).toEqual({ merkleRoot: merkleRoot(heads), heads: 2 });
    const reference = await manifest.finish(
      footer({ complete: false, problems: [{ code: 'denied', message: 'no', permission: 'iam:ListUsers' }] }),
    );
    expect(reference).toMatchObject({ kind: 'manifest', key: manifestKey(ACCOUNT, of.sweepId) });
    expect(sha256(await bytesOf(reference))).toBe(reference.sha256);

    const read = await readManifest(local.evidence, reference);
    expect(read.header).toEqual(of);
    expect(await collect(read.lines)).toEqual([flagged, kept, ...heads]);
    expect(await read.footer()).toMatchObject({ complete: false, merkleRoot: merkleRoot(heads), heads: 2 });
  });

  it('is gzip of JSON lines that anybody can read without this program', async () => {
    const texts = gunzipSync(await bytesOf(await written([line(secret()), head('a')])))
      .toString('utf8')
      .split('\n');
    expect(texts.map((text) => Object.keys(text === '' ? {} : JSON.parse(text))[0])).toEqual([
      'header',
      'credential',
      'head',
      'footer',
      undefined,
    ]);
  });

  it('its footer can be asked for without reading the lines', async () => {
    const read = await readManifest(local.evidence, await written([line(accessKey()), head('a')]));
    expect(await read.footer()).toMatchObject({ heads: 1 });
  });

  it('of the same lines has the same text', async () => {
    const a = gunzipSync(await bytesOf(await written([line(accessKey())], { sweepId: 'same-a' }))).toString(
      'utf8',
    );
    const b = gunzipSync(await bytesOf(await written([line(accessKey())], { sweepId: 'same-b' }))).toString(
      'utf8',
    );
    expect(b).toBe(a.replace('same-a', 'same-b'));
    expect(canonical(JSON.parse(a.split('\n')[1] ?? ''))).toBe(canonical(line(accessKey())));
  });

  it('does not exist before it is finished, nor after it was abandoned', async () => {
    const of = header();
    const manifest = openManifest(local.evidence, of);
    await manifest.add(line(accessKey()));
    expect(await local.evidence.get(manifestKey(ACCOUNT, of.sweepId))).toBeUndefined();
    await manifest.abort();
    expect(await local.evidence.get(manifestKey(ACCOUNT, of.sweepId))).toBeUndefined();
  });

  it('refuses what could not be read back', async () => {
    const manifest = openManifest(local.evidence, header());
    const wrong = { ...accessKey(), surprise: 1 };
    await expect(manifest.add(line(wrong))).rejects.toMatchObject({ code: 'manifest-invalid' });
    await manifest.add(head('a'));
    await manifest.add(head('a'));
    await expect(manifest.finish(footer())).rejects.toMatchObject({ code: 'merkle-duplicate' });
    await manifest.abort();
  });

  it('a store that fails in the middle fails the writing, and does not hang it', async () => {
    const full: EvidenceStore = {
      get: (key) => local.evidence.get(key),
      list: (prefix) => local.evidence.list(prefix),
      async put(_key, body) {
        for await (const _chunk of body)
          throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
        throw new Error('nothing came');
      },
    };
    const manifest = openManifest(full, header());
    const writing = async () => {
      for (let index = 0; index < 2_000; index += 1) await manifest.add(line(numberedKey(index)));
      await manifest.finish(footer());
    };
    await expect(writing()).rejects.toThrow('no space left on device');
    await manifest.abort();
  });
});

function numberedKey(index: number): Credential {
  const name = `AKIA${String(index).padStart(16, '0')}`;
  return accessKey({
    name,
    principal: userPrincipal({ userName: `user-${index}` }),
    facts: { tags: fact({ n: String(index * 7919) }) },
  });
}

describe('a manifest of 20,000 credentials', () => {
  it('is written and read as a stream', { timeout: 60_000 }, async () => {
    const count = 20_000;
    const manifest = openManifest(local.evidence, header());
    for (let index = 0; index < count; index += 1) await manifest.add(line(numberedKey(index)));
    for (let index = 0; index < count; index += 10) await manifest.add(head(String(index)));
    const reference = await manifest.finish(footer());
    const read = await readManifest(local.evidence, reference);
    let credentials = 0;
    let heads = 0;
    for await (const each of read.lines) {
      if (isManifestHead(each)) heads += 1;
      else {
        expect(each.credential.name).toBe(`AKIA${String(credentials).padStart(16, '0')}`);
        credentials += 1;
      }
    }
    expect({ credentials, heads }).toEqual({ credentials: count, heads: count / 10 });
    expect((await read.footer()).heads).toBe(heads);
  });
});

describe('G7: a manifest that is not what was recorded', () => {
  /** Puts other bytes under a new key and refers to them with the hash of the original, or their own. */
  async function replaced(
    change: (text: string) => string | Buffer,
    own: boolean,
  ): Promise<EvidenceReference> {
    const original = await written([line(accessKey()), head('a'), head('b')]);
    const changed = change(gunzipSync(await bytesOf(original)).toString('utf8'));
    const body = typeof changed === 'string' ? gzipSync(changed) : changed;
    const key = `${original.key}.changed`;
    await local.evidence.put(key, body);
    return { kind: 'manifest', key, sha256: own ? sha256(body) : original.sha256 };
  }

  const changes: readonly [string, (text: string) => string | Buffer, boolean][] = [
    ['an altered verdict', (text) => text.replace('"outcome":"keep"', '"outcome":"hold"'), false],
    ['other bytes with the same text', (text) => gzipSync(text, { level: 1 }), false],
    ['no gzip', (text) => Buffer.from(text), true],
    ['a cut-off file', (text) => gzipSync(text).subarray(0, 200), true],
    ['no footer', (text) => text.split('\n').slice(0, -2).join('\n').concat('\n'), true],
    ['half a line', (text) => text.slice(0, -10), true],
    ['a line that is no JSON', (text) => text.replace('{"head":', '{"head"'), true],
    ['a line with an unknown key', (text) => text.replace('{"credential":{', '{"credential":{"x":1,'), true],
    ['a line after the footer', (text) => `${text}{"head":{"subject":"z","seq":1,"hash":"h"}}\n`, true],
    ['nothing at all', () => '', true],
  ];
  it.each(changes)('%s is refused', async (_what, change, own) => {
    const reference = await replaced(change, own);
    const reading = async () => {
      const manifest = await readManifest(local.evidence, reference);
      await manifest.footer();
    };
    await expect(reading()).rejects.toMatchObject({ code: 'evidence-altered', source: 'system' });
    await expect(rememberedKeys(local.evidence, reference)).rejects.toMatchObject({
      code: 'evidence-altered',
    });
  });

  it('one that is gone is named', async () => {
    const reference = { kind: 'manifest', key: 'manifests/1/none.jsonl.gz', sha256: sha256('') };
    await expect(readManifest(local.evidence, reference)).rejects.toMatchObject({
      code: 'evidence-missing',
      message: expect.stringContaining(reference.key),
    });
  });
});

describe('remembered keys', () => {
  it('are the access keys whose id was read, by user', async () => {
    const ana = userPrincipal({ userName: 'ana', path: '/people/' });
    const second = accessKey({
      principal: ana,
      name: 'AKIAEXAMPLESECOND000',
      facts: { status: fact('inactive') },
    });
    const unread = accessKey({ principal: ana, name: 'slot-1', facts: { accessKeyId: unknown('not-read') } });
    const undated = accessKey({
      principal: ana,
      name: 'AKIAEXAMPLEUNDATED00',
      facts: { createdAt: unknown('no column') },
    });
    const reference = await written([
      ...[accessKey(), accessKey({ principal: ana }), second, unread, undated].map((each) => line(each)),
      line(secret()),
      line(consolePassword()),
      head('a'),
    ]);
    const remembered = await rememberedKeys(local.evidence, reference);
    const first = {
      accessKeyId: 'AKIAEXAMPLEDEPLOYER0',
      createdAt: '2026-03-29T09:00:00.000Z',
      status: 'active',
    };
    expect(Object.fromEntries(remembered)).toEqual({
      [userPrincipal().arn]: [first],
      [ana.arn]: [first, { ...first, accessKeyId: 'AKIAEXAMPLESECOND000', status: 'inactive' }],
    });
  });
});
