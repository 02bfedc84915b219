import { errorCodeOf } from '#postgres';
import type { Checkpoint } from '../notes/checkpoint.js';
import { openCheckpoint } from '../notes/note-verification.js';
import type { VerifierKey } from '../notes/verifier-key.js';
import { base64 } from '../primitives/bytes.js';
import { type AcceptedRollback, isSameTree, rollbacksIn } from '../notes/rollbacks.js';
import { readTextFile, withFileLock, writeDurably } from './locked-file.js';

/** A checkpoint that the log's key has signed. */
export interface SignedTree {
  readonly size: number;
  /** In base64. */
  readonly root: string;
  /** The signed note. */
  readonly note: string;
  /** The rollbacks that it names as accepted, in order. */
  readonly rollbacks: readonly AcceptedRollback[];
}

/** The newest checkpoint cannot be kept, or not read, where it is kept: nothing is signed meanwhile. */
export class AnchorError extends Error {
  override readonly name = 'AnchorError';
}

/** Another process has signed meanwhile: what was about to be signed has to be compared again. */
export class AnchorMoved extends Error {
  override readonly name = 'AnchorMoved';
}

/**
 * The newest checkpoint that was signed, kept where the database cannot reach: in a file beside the key, and in memory.
 *
 * Nothing is signed that does not continue it. It is in the file, durably, before a checkpoint is stored, and so before
 * anybody is shown it: what was ever served, the file has or goes beyond. Several processes with one key share the file;
 * none overwrites what it has not seen.
 */
export class Anchor {
  #held: SignedTree | undefined;

  constructor(
    readonly file: string,
    private readonly key: VerifierKey,
  ) {}

  /**
   * The newest checkpoint of file and memory; undefined where there is none yet. Throws {@link AnchorError} for a file
   * that cannot be read, or is not this log's.
   */
  async newest(): Promise<SignedTree | undefined> {
    const kept = await this.#read();
    const held = this.#held;
    if (!kept || (held && isBehind(kept, held))) return held;
    if (held && !hasNewRollback(kept, held) && kept.size === held.size && kept.root !== held.root)
      throw new AnchorError(
        `${this.file} holds another checkpoint over ${kept.size} entries than this process signed. Nothing is signed; docs/audit.md says what to do.`,
      );
    this.#held = kept;
    return kept;
  }

  /**
   * Keeps a checkpoint as the newest; durable when it resolves. `after` is the one that it was compared with.
   *
   * Throws {@link AnchorMoved} where that is not the newest any more, {@link AnchorError} where nothing can be kept.
   */
  async keep(next: SignedTree, after: SignedTree | undefined): Promise<void> {
    if (next.note === after?.note) return;
    await this.#atFile('written', () =>
      withFileLock(`${this.file}.lock`, async ({ isMine }) => {
        const newest = await this.newest();
        if (newest?.note !== after?.note || !(await writeDurably(this.file, next.note, isMine)))
          throw new AnchorMoved(`Another process signed beyond ${after?.size ?? 'nothing'}.`);
        this.#held = next;
      }),
    );
  }

  async #read(): Promise<SignedTree | undefined> {
    const note = await this.#atFile('read', () => readTextFile(this.file));
    return note === undefined ? undefined : this.#openNote(note);
  }

  #openNote(note: string): SignedTree {
    const opened = openCheckpoint(note, this.key);
    const signed = opened.ok ? signedTree(note, opened.value) : opened;
    if (signed.ok) return signed.value;
    throw new AnchorError(
      `${this.file} does not hold a checkpoint of this log's key. ${signed.message} Nothing is signed: put the file back as it was; docs/audit.md says what to do where it is lost.`,
    );
  }

  async #atFile<Result>(verb: 'read' | 'written', work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof AnchorError || error instanceof AnchorMoved) throw error;
      throw new AnchorError(
        `The newest checkpoint is kept in ${this.file}, which cannot be ${verb} (${reasonOf(error)}). Nothing is signed: let this process write to that folder, or set AUDIT_NOTE_FILE to a file outside the database and its backups.`,
      );
    }
  }
}

/** The same each time, for what fails each time: names of drafts are not in it. */
const reasonOf = (error: unknown): string => errorCodeOf(error) ?? String(error);

/** Reads from an opened note the tree that the anchor keeps. */
export function signedTree(note: string, { size, root, extensions }: Checkpoint) {
  const rollbacks = rollbacksIn(extensions);
  if (!rollbacks.ok) return rollbacks;
  return { ok: true, value: { size, root: base64(root), note, rollbacks: rollbacks.value } } as const;
}

/** True when a checkpoint says of a rollback that another does not know: then it need not continue the other. */
export const hasNewRollback = (one: Pick<SignedTree, 'rollbacks'>, other: Pick<SignedTree, 'rollbacks'>): boolean =>
  one.rollbacks.some((rollback) => !other.rollbacks.some((known) => isSameTree(known, rollback)));

const isBehind = (one: SignedTree, other: SignedTree): boolean =>
  !hasNewRollback(one, other) && (one.size < other.size || hasNewRollback(other, one));
