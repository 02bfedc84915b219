import type { Checkpoint } from '../notes/checkpoint.js';
import { openCheckpoint } from '../notes/note-verification.js';
import { EntryCheck } from '../log-check/entry-check.js';
import { type FindingReason, type LogFinding, findingAt } from '../log-check/findings.js';
import { type ExportEnd, readCheckpointLine, readHeaderLine, readLeavesLine, seemsToBe } from './export-file.js';
import { type Line, LineFaultError, splitLines } from './export-lines.js';
import { Frontier } from '../merkle/merkle.js';
import { type Hash, sameHash } from '../merkle/tree-hashes.js';
import { provesConsistency } from '../merkle/merkle-verification.js';
import { parseVerifierKey } from '../notes/note-verification.js';
import type { VerifierKey } from '../notes/verifier-key.js';
import { base64 } from '../primitives/bytes.js';
import { type AcceptedRollback, isSameTree, rollbacksIn } from '../notes/rollbacks.js';
import { headsDigest } from '../notes/stream-heads.js';
import { headsIn } from '../notes/heads-line.js';
import { TILE_WIDTH } from '../merkle/tiles.js';
import { type Fault, type Grounds, type Verification, listProven, listUnproven } from './verification.js';

/** The key and the checkpoint to compare an export with, from another source than the export. */
export interface TrustedInputs {
  /** The key that must have signed it. Without one the export's own is taken, which shows no more than that it is whole. */
  readonly key?: VerifierKey;
  /** A signed checkpoint of the log from earlier: the export must begin with just its entries. */
  readonly checkpoint?: string;
}

/**
 * Verifies an export from its entries up; needs no network, no database and no clock.
 *
 * Reads once, in memory that depends on the number of streams and keys (at most about 64 MB for keys), not on the
 * length of the file. Stops at the first fault. A fault of the chunks' source is thrown.
 */
export async function verifyExport(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  known: TrustedInputs = {},
): Promise<Verification> {
  const verifier = new ExportVerifier(known);
  const fault = await firstFault(chunks, verifier);
  return fault ? { verdict: 'not-verified', fault, readUntil: verifier.position } : verifier.conclude();
}

async function firstFault(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  verifier: ExportVerifier,
): Promise<Fault | undefined> {
  try {
    for await (const lines of splitLines(chunks))
      for (const line of lines) {
        const fault = verifier.take(line);
        if (fault) return fault;
      }
    return verifier.end() ?? verifier.findHeads() ?? verifier.findRollbacks();
  } catch (error) {
    if (error instanceof LineFaultError) return verifier.faultOfLines(error);
    throw error;
  }
}

const HEADER_LINE = 1;

class ExportVerifier {
  readonly #check = new EntryCheck();
  readonly #tree = new Frontier();
  #lines = 0;
  #origin = '';
  #key: VerifierKey | undefined;
  #earlier: Checkpoint | undefined;
  /** Of the block under way: listed hashes of its leaves, and how many entries of it were read. */
  #leaves: readonly Hash[] = [];
  #taken = 0;
  #isLastBlock = false;
  #checkpoint: Checkpoint | undefined;
  #hasHeads = false;
  /** Rollbacks that were accepted, as the entries say, and as the checkpoint says. */
  readonly #rollbacks: AcceptedRollback[] = [];
  #stated: readonly AcceptedRollback[] = [];

  constructor(private readonly known: TrustedInputs) {}

  get position(): number {
    return this.#check.chain.position;
  }

  take(line: Line): Fault | undefined {
    this.#lines = line.number;
    if (!this.#key) return this.#takeHeader(line);
    if (this.#checkpoint) return this.#fault('text-after-checkpoint');
    if (this.#taken < this.#leaves.length) return this.#takeEntry(line);
    return seemsToBe(line.bytes) === 'checkpoint' ? this.#takeCheckpoint(line, this.#key) : this.#takeLeaves(line);
  }

  end(): Fault | undefined {
    if (this.#checkpoint) return undefined;
    this.#lines += 1;
    if (!this.#key) return this.#fault('header-unreadable', 'The file is empty.');
    return this.#taken < this.#leaves.length
      ? this.#entryFault('entry-missing', 'The file ends here, and its checkpoint is missing.')
      : this.#entryFault('checkpoint-missing', 'The file ends here; entries may be missing from here on.');
  }

  /** Once the checkpoint was read: whether its digest of the stream heads, if it carries one, is that of the entries. */
  findHeads(): Fault | undefined {
    // Where streams ended is signed for the checkpoint's own size alone.
    if (this.#checkpoint && this.#checkpoint.size > this.position) return undefined;
    const stated = headsIn(this.#checkpoint?.extensions ?? []);
    if (!stated.ok) return this.#fault('heads-differ', stated.message);
    if (!stated.value) return undefined;
    const { streams, root } = headsDigest(this.#check.chain.heads());
    this.#hasHeads = streams === stated.value.streams && sameHash(root, stated.value.root);
    return this.#hasHeads ? undefined : this.#fault('heads-differ');
  }

  /** Compares the accepted rollbacks that the checkpoint names with those that the entries name. */
  findRollbacks(): Fault | undefined {
    const stated = rollbacksIn(this.#checkpoint?.extensions ?? []);
    if (!stated.ok) return this.#fault('rollbacks-differ', stated.message);
    this.#stated = stated.value;
    const within = stated.value.filter(({ position }) => position <= this.position);
    const isEqual =
      within.length === this.#rollbacks.length &&
      within.every((one, index) => {
        const other = this.#rollbacks[index];
        return other?.position === one.position && isSameTree(one, other);
      });
    return isEqual ? undefined : this.#fault('rollbacks-differ');
  }

  /** A file that cannot be read as lines any further; in an entry's place that is the entry's fault. */
  faultOfLines({ line, message }: LineFaultError): Fault {
    this.#lines = line;
    return this.#key && !this.#checkpoint ? this.#entryFault('not-lines', message) : this.#fault('not-lines', message);
  }

  conclude(): Verification {
    if (!this.#checkpoint || !this.#key) throw new Error('Nothing was verified yet.');
    const { origin } = this.#checkpoint;
    const size = this.position;
    const grounds: Grounds = {
      size,
      signedSize: this.#checkpoint.size,
      rollbacks: this.#stated,
      isKeyGiven: this.known.key !== undefined,
      earlierSize: this.#earlier?.size,
      keysCompared: this.#check.chain.keysCompared,
      hasHeads: this.#hasHeads,
    };
    return {
      verdict: 'verified',
      origin,
      size,
      root: base64(this.#tree.root()),
      vkey: this.#key.text,
      streams: this.#check.chain.streams,
      recordedAt: this.#check.chain.recordedAt,
      proven: listProven(grounds),
      unproven: listUnproven(grounds),
    };
  }

  #takeHeader({ bytes }: Line): Fault | undefined {
    const header = readHeaderLine(bytes);
    if (!header.ok) return this.#fault('header-unreadable', header.message);
    const { origin, vkey } = header.value;
    const key = parseVerifierKey(vkey);
    if (!key.ok) return this.#fault('header-unreadable', key.message);
    if (this.known.key && this.known.key.text !== vkey)
      return this.#fault('key-differs', `It names ${vkey}; ${this.known.key.text} was given.`);
    this.#origin = origin;
    this.#key = key.value;
    return this.#takeEarlier(key.value);
  }

  #takeEarlier(key: VerifierKey): Fault | undefined {
    if (this.known.checkpoint === undefined) return undefined;
    const earlier = openCheckpoint(this.known.checkpoint, key);
    if (!earlier.ok) return this.#beside('earlier-checkpoint-unreadable', earlier.message);
    if (earlier.value.origin !== this.#origin)
      return this.#beside(
        'origin-differs',
        `The earlier one is of ${earlier.value.origin}, the file of ${this.#origin}.`,
      );
    this.#earlier = earlier.value;
    return this.#compareEarlier();
  }

  #takeLeaves({ bytes }: Line): Fault | undefined {
    if (this.#isLastBlock)
      return this.#entryFault('leaves-unreadable', 'Only the last block is not full; here another begins.');
    const leaves = readLeavesLine(bytes);
    if (!leaves.ok) return this.#entryFault('leaves-unreadable', leaves.message);
    this.#leaves = leaves.value;
    this.#taken = 0;
    this.#isLastBlock = leaves.value.length < TILE_WIDTH;
    return undefined;
  }

  #takeEntry({ bytes }: Line): Fault | undefined {
    const position = this.position + 1;
    const checked = this.#check.check({ position, text: bytes, leaf: this.#leaves[this.#taken] });
    const [finding] = checked.findings;
    if (finding?.reason === 'leaf-differs' && seemsToBe(bytes) !== 'entry') return this.#entryFault('entry-missing');
    if (finding) return this.#faultOf(finding);
    if (checked.released) this.#rollbacks.push({ position, ...checked.released });
    this.#taken += 1;
    this.#tree.append(checked.leaf);
    return this.#compareEarlier();
  }

  #takeCheckpoint({ bytes }: Line, key: VerifierKey): Fault | undefined {
    const end = readCheckpointLine(bytes);
    if (!end.ok) return this.#fault('checkpoint-unreadable', end.message);
    const checkpoint = openCheckpoint(end.value.checkpoint, key);
    if (!checkpoint.ok) return this.#fault('checkpoint-unreadable', checkpoint.message);
    return this.#compareCheckpoint(checkpoint.value, end.value);
  }

  #compareCheckpoint(checkpoint: Checkpoint, end: ExportEnd): Fault | undefined {
    const { origin, size } = checkpoint;
    // The checkpoint is signed, so the header is the one to doubt.
    if (origin !== this.#origin)
      return {
        ...this.#fault('origin-differs', `The header names ${this.#origin}, the checkpoint ${origin}.`),
        line: HEADER_LINE,
      };
    if (size > this.position && !end.consistency)
      return this.#entryFault('size-differs', `It is over ${size} entries; here they end.`);
    if (size < this.position)
      return this.#fault('size-differs', `It is over ${size} entries; the file has ${this.position}.`);
    if (!this.#isTreeOf(checkpoint, end))
      return this.#fault(
        'root-differs',
        `Some entry from position ${this.#lastProven() + 1} to ${this.position} was changed together with its listed hash.`,
      );
    if (this.#earlier && this.#earlier.size > this.position)
      return this.#entryFault(
        'earlier-checkpoint-beyond',
        `The file ends at position ${this.position}; the checkpoint is over ${this.#earlier.size} entries.`,
      );
    this.#checkpoint = checkpoint;
    return undefined;
  }

  /** True when the tree over the entries is the one that was signed, or is shown to begin it. */
  #isTreeOf({ size, root }: Checkpoint, { consistency = [] }: ExportEnd): boolean {
    const claim = { from: this.position, to: size, fromRoot: this.#tree.root(), toRoot: root };
    return provesConsistency(consistency, claim);
  }

  #lastProven(): number {
    return this.#earlier && this.#earlier.size <= this.position ? this.#earlier.size : 0;
  }

  /** Compared while passing its size, so that nothing need be kept. */
  #compareEarlier(): Fault | undefined {
    if (this.#earlier?.size !== this.#tree.size || sameHash(this.#earlier.root, this.#tree.root())) return undefined;
    return this.#fault('earlier-root-differs', `${this.#earlier.size}`);
  }

  #fault(reason: FindingReason, detail?: string): Fault {
    return this.#faultOf(findingAt(null, reason, detail));
  }

  #beside(reason: FindingReason, detail: string): Fault {
    return { ...findingAt(null, reason, detail), line: null };
  }

  #entryFault(reason: FindingReason, detail?: string): Fault {
    return this.#faultOf(findingAt(this.position + 1, reason, detail));
  }

  #faultOf(finding: LogFinding): Fault {
    return { ...finding, line: this.#lines };
  }
}
