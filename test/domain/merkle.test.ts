import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical } from '../../lib/domain/canonical.ts';
import { type ChainHead, MerkleTree, merkleRoot, sortedHeads } from '../../lib/domain/merkle.ts';

function sha256(...parts: readonly (string | Uint8Array)[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** The recursive definition of RFC 6962, section 2.1. */
function definition(heads: readonly ChainHead[]): Buffer {
  const [only] = heads;
  if (only === undefined) return sha256();
  if (heads.length === 1) return sha256(Uint8Array.of(0), `credential-janitor/head/v1\n${canonical(only)}`);
  let split = 1;
  while (split * 2 < heads.length) split *= 2;
  return sha256(Uint8Array.of(1), definition(heads.slice(0, split)), definition(heads.slice(split)));
}

function heads(count: number): ChainHead[] {
  return Array.from({ length: count }, (_, index) => ({
    subject: `credential#${String(index).padStart(4, '0')}`,
    seq: index + 1,
    hash: sha256(String(index)).toString('hex'),
  }));
}

const someHeads = fc.uniqueArray(
  fc.record({ subject: fc.string({ minLength: 1 }), seq: fc.integer({ min: 1 }), hash: fc.string() }),
  { selector: (head) => head.subject, maxLength: 40 },
);

describe('Merkle root over heads', () => {
  it('of no heads is the SHA-256 of nothing', () => {
    expect(merkleRoot([])).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it.each([1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 100])('of %i heads is the tree of RFC 6962', (count) => {
    expect(merkleRoot(heads(count))).toBe(definition(heads(count)).toString('hex'));
  });

  it('does not depend on the order heads are given in', () => {
    fc.assert(
      fc.property(someHeads, fc.nat(), (some, turn) => {
        const turned = [...some.slice(turn % (some.length + 1)), ...some.slice(0, turn % (some.length + 1))];
        expect(merkleRoot(turned)).toBe(merkleRoot(some));
      }),
    );
  });

  it('G7: changes when a head is altered, removed or added', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(), (count, which) => {
        const all = heads(count);
        const root = merkleRoot(all);
        const index = which % count;
        const other = all.map((head, at) => (at === index ? { ...head, seq: head.seq + 1 } : head));
        expect(merkleRoot(other)).not.toBe(root);
        expect(merkleRoot(all.filter((_, at) => at !== index))).not.toBe(root);
        expect(merkleRoot([...all, { subject: 'zzz', seq: 1, hash: 'x' }])).not.toBe(root);
      }),
    );
  });

  it('refuses two heads of one subject, and heads out of order', () => {
    const [first, second] = heads(2);
    if (first === undefined || second === undefined) throw new Error('two were made');
    expect(() => merkleRoot([first, { ...first, seq: 9 }])).toThrow(
      expect.objectContaining({ code: 'merkle-duplicate' }),
    );
    const tree = new MerkleTree();
    tree.add(second);
    expect(() => tree.add(first)).toThrow(expect.objectContaining({ code: 'merkle-unsorted' }));
  });

  it('its root may be asked for while it grows', () => {
    const tree = new MerkleTree();
    for (const [index, head] of sortedHeads(heads(20)).entries()) {
      tree.add(head);
      expect(tree.root()).toBe(merkleRoot(heads(index + 1)));
    }
    expect(tree.count).toBe(20);
  });
});
