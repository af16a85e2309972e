import { createHash } from 'node:crypto';
import { canonical } from './canonical.ts';
import { JanitorError } from './error.ts';

/** The newest event of a chain, as a sweep relied on it. */
export interface ChainHead {
  readonly subject: string;
  readonly seq: number;
  readonly hash: string;
}

const HEAD_TAG = 'credential-janitor/head/v1';

/**
 * The Merkle root over chain heads sorted by subject (UTF-16 code units), lower-case hex.
 * Tree of RFC 6962, section 2.1: leaves and nodes are hashed with different first bytes, so that a node can
 * never pass for a leaf; a leaf is the canonical JSON of the head behind a tag of ours. No heads: SHA-256 of nothing.
 * Throws `merkle-duplicate` when two heads claim one subject.
 */
export function merkleRoot(heads: Iterable<ChainHead>): string {
  const tree = new MerkleTree();
  for (const head of sortedHeads(heads)) tree.add(head);
  return tree.root();
}

/** Heads in the order the tree takes them. */
export function sortedHeads(heads: Iterable<ChainHead>): ChainHead[] {
  return [...heads].sort((a, b) => compareText(a.subject, b.subject));
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

interface Subtree {
  readonly leaves: number;
  readonly hash: Buffer;
}

/**
 * The same tree, one head at a time in sorted order, with memory for log2(n) hashes.
 * `add` throws `merkle-duplicate` or `merkle-unsorted` when the order is not strictly ascending.
 */
export class MerkleTree {
  /** Complete subtrees, larger ones first; their sizes are the binary digits of the number of leaves. */
  readonly #subtrees: Subtree[] = [];
  #last: string | undefined;
  #count = 0;

  add(head: ChainHead): void {
    if (this.#last !== undefined && head.subject <= this.#last) throw disorder(this.#last, head.subject);
    this.#last = head.subject;
    this.#count += 1;
    let added: Subtree = { leaves: 1, hash: leafHash(head) };
    for (let top = this.#subtrees.at(-1); top?.leaves === added.leaves; top = this.#subtrees.at(-1)) {
      this.#subtrees.pop();
      added = { leaves: top.leaves * 2, hash: nodeHash(top.hash, added.hash) };
    }
    this.#subtrees.push(added);
  }

  get count(): number {
    return this.#count;
  }

  /** The root over what was added so far; more may follow. */
  root(): string {
    const last = this.#subtrees.at(-1);
    if (last === undefined) return createHash('sha256').digest('hex');
    const larger = this.#subtrees.slice(0, -1);
    return larger.reduceRight((right, left) => nodeHash(left.hash, right), last.hash).toString('hex');
  }
}

function leafHash(head: ChainHead): Buffer {
  const { subject, seq, hash } = head;
  return createHash('sha256')
    .update(Uint8Array.of(0))
    .update(`${HEAD_TAG}\n${canonical({ subject, seq, hash })}`, 'utf8')
    .digest();
}

function nodeHash(left: Buffer, right: Buffer): Buffer {
  return createHash('sha256').update(Uint8Array.of(1)).update(left).update(right).digest();
}

function disorder(before: string, subject: string): JanitorError {
  const repeated = before === subject;
  return new JanitorError(
    repeated ? `two heads are given for ${subject}` : `the head of ${subject} comes after that of ${before}`,
    { code: repeated ? 'merkle-duplicate' : 'merkle-unsorted', source: 'system' },
  );
}
