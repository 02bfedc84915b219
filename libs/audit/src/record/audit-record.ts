import type { EventLog } from '#event-log';
import { sleep } from '#postgres';
import { Replays } from '#projections';
import { leafHash } from '../merkle/merkle.js';
import type { Hash } from '../merkle/tree-hashes.js';
import { type HashReader, consistencyProof, inclusionProof, rootAt } from '../merkle/merkle-proofs.js';
import { tlogProofText } from '../checks/tlog-proof.js';
import { encodeBundle } from '../merkle/entry-bundle.js';
import { findStoredText, readStoredTexts } from '../store/log-rows.js';
import { type TreeState, readTreeState } from '../store/tree-state.js';
import { StoredTiles } from '../store/stored-tiles.js';
import { tileHashReader } from '../merkle/tile-hash-reader.js';
import type { Bundle } from '../merkle/tile-path.js';
import { TILE_WIDTH, type Tile, encodeTile, tileWidth } from '../merkle/tiles.js';
import { SignedHeads } from '../store/signed-heads.js';
import { type ExportNeeds, type ExportOutcome, exportOf } from './log-export.js';
import { type AnswerProof, type ProofSubject, provePolicy } from './policy-proof.js';

/** The proof that an event is in the log. */
export interface InclusionAnswer {
  /** Place among the leaves, from 0. */
  readonly index: number;
  readonly size: number;
  readonly leafHash: Hash;
  /** From the leaf's neighbour up. */
  readonly hashes: readonly Hash[];
  readonly root: Hash;
  /** The leaf: the stored canonical JSON. */
  readonly entry: string;
}

/** The proof that the log of one size is the beginning of the log of another. */
export interface ConsistencyAnswer {
  readonly from: number;
  readonly to: number;
  readonly hashes: readonly Hash[];
  readonly fromRoot: Hash;
  readonly toRoot: Hash;
}

/**
 * Why there is no proof: nothing was signed yet; no such event; a size that is beyond what was signed; an event that
 * came after the size, which then is the least that has it.
 */
export type ProofRefusal =
  | { readonly outcome: 'nothing-signed' }
  | { readonly outcome: 'unknown-event' }
  | { readonly outcome: 'beyond-signed'; readonly signed: number }
  | { readonly outcome: 'not-in-size'; readonly index: number };

/** A proof, or why there is none. */
export type ProofOutcome<Answer> = { readonly outcome: 'proven'; readonly answer: Answer } | ProofRefusal;

const LOOK_AGAIN_MS = 20;

/** The sources that the record is served from. */
interface RecordNeeds extends ExportNeeds {
  readonly log: EventLog;
  /** Folds long streams; without it, the audit has its own. */
  readonly replays?: Replays | undefined;
}

/** The public side of the audit, for whoever wants to check the log: checkpoint, tiles, entries, proofs, exports. */
export class AuditRecord {
  readonly #tiles: StoredTiles;
  readonly #heads: SignedHeads;
  readonly #replays: Replays;

  constructor(private readonly needs: RecordNeeds) {
    this.#replays = needs.replays ?? new Replays();
    this.#tiles = new StoredTiles(needs.pool);
    this.#heads = new SignedHeads(needs.pool);
  }

  /** The state of the log's tree. */
  treeState(): Promise<TreeState> {
    return readTreeState(this.needs.pool);
  }

  /**
   * Waits until everything up to a position is signed, at most so long; answers how far it is. Waits for nobody where
   * nobody follows the log, or its follower has stopped.
   */
  async waitForSize(position: number, timeoutMs: number): Promise<TreeState> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const treeState = await this.treeState();
      const isHopeless = treeState.error !== null || performance.now() >= deadline;
      if (treeState.size >= position || isHopeless) return treeState;
      await sleep(LOOK_AGAIN_MS, NEVER);
    }
  }

  /** A tile as it is served; undefined for one that the tree has not, or not as wide. */
  async tile(tile: Tile): Promise<Uint8Array | undefined> {
    const treeState = await this.treeState();
    if (tileWidth(tile, treeState.size) < tile.width) return undefined;
    const [hashes] = await this.#tiles.readerAt(treeState).tilesAt([tile]);
    return hashes && encodeTile(hashes);
  }

  /** A bundle of entries as it is served; undefined for one that the signed log has not, or not as wide. */
  async bundle({ index, width }: Bundle): Promise<Uint8Array | undefined> {
    const { size } = await this.treeState();
    if (tileWidth({ level: 0, index }, size) < width) return undefined;
    const after = index * TILE_WIDTH;
    const texts = await readStoredTexts(this.needs.pool, { after, upTo: after + width });
    return texts.length === width ? encodeBundle(texts.map(({ entry }) => Buffer.from(entry, 'utf8'))) : undefined;
  }

  /** Proves that an event, by id or key, is a leaf of the tree of a size; without a size, of all that is signed. */
  async inclusion(event: string, size?: number): Promise<ProofOutcome<InclusionAnswer>> {
    const [found, treeState] = await Promise.all([findStoredText(this.needs.pool, event), this.treeState()]);
    return this.#inclusionIn(treeState, found, size);
  }

  /** Proves the same with the newest checkpoint, as one text (C2SP tlog-proof). */
  async tlogProof(event: string): Promise<ProofOutcome<{ readonly index: number; readonly text: string }>> {
    const [found, treeState] = await Promise.all([findStoredText(this.needs.pool, event), this.treeState()]);
    const proof = await this.#inclusionIn(treeState, found);
    if (proof.outcome !== 'proven') return proof;
    const { index } = proof.answer;
    return {
      outcome: 'proven',
      answer: { index, text: tlogProofText({ ...proof.answer, note: treeState.checkpoint?.note ?? '' }) },
    };
  }

  async #inclusionIn(
    treeState: TreeState,
    found: Awaited<ReturnType<typeof findStoredText>>,
    size?: number,
  ): Promise<ProofOutcome<InclusionAnswer>> {
    const refused = sizeRefusal(treeState, size);
    if (refused) return refused;
    if (!found) return { outcome: 'unknown-event' };
    const [index, among] = [found.position - 1, size ?? treeState.size];
    if (index >= among) return { outcome: 'not-in-size', index };
    const reader = this.#readerOf(treeState, among);
    const [hashes, root] = await Promise.all([
      inclusionProof(reader, { index, size: among }),
      this.#rootAt(treeState, among),
    ]);
    const { entry } = found;
    const leaf = leafHash(Buffer.from(entry, 'utf8'));
    return { outcome: 'proven', answer: { index, size: among, leafHash: leaf, hashes, root, entry } };
  }

  /** Proves that the tree of one size begins that of another; without one, that of all that is signed. */
  async consistency(from: number, to?: number): Promise<ProofOutcome<ConsistencyAnswer>> {
    const treeState = await this.treeState();
    const refused = sizeRefusal(treeState, Math.max(from, to ?? 0));
    if (refused) return refused;
    const span = { from, to: to ?? treeState.size };
    const [hashes, fromRoot, toRoot] = await Promise.all([
      consistencyProof(this.#readerOf(treeState, span.to), span),
      this.#rootAt(treeState, span.from),
      this.#rootAt(treeState, span.to),
    ]);
    return { outcome: 'proven', answer: { ...span, hashes, fromRoot, toRoot } };
  }

  /** The log up to a size as one file that verifies itself; without a size, all that is signed. */
  async export(to?: number): Promise<ExportOutcome> {
    return exportOf(this.needs, { treeState: await this.treeState(), tiles: this.#tiles, to });
  }

  /** Proves a policy's state at a coordinate, from its entries and the last checkpoint. */
  answerProof(asked: ProofSubject): Promise<AnswerProof> {
    return provePolicy({ ...this.needs, tiles: this.#tiles, heads: this.#heads, replays: this.#replays }, asked);
  }

  #readerOf(treeState: TreeState, size: number): HashReader {
    return tileHashReader(this.#tiles.readerAt(treeState), size);
  }

  #rootAt(treeState: TreeState, size: number): Promise<Hash> {
    const { checkpoint } = treeState;
    return checkpoint && treeState.size === size
      ? Promise.resolve(checkpoint.root)
      : rootAt(this.#readerOf(treeState, size), size);
  }
}

const NEVER = new AbortController().signal;

function sizeRefusal({ size, checkpoint }: TreeState, asked: number | undefined): ProofRefusal | undefined {
  if (!checkpoint) return { outcome: 'nothing-signed' };
  return asked !== undefined && asked > size ? { outcome: 'beyond-signed', signed: size } : undefined;
}
