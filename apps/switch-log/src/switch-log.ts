import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Frontier, leafHash, sameHash } from '#audit';
import { type OpenedLog, withLogMove } from '#composition';
import { positionOf } from '#event-log';
import {
  type LogKind,
  type LogMove,
  Sequencer,
  compareWithStore,
  copyToStore,
  holdWrites,
  hasCopiedAll,
  keepLogIn,
  readLogSetting,
  noteStorePositions,
} from '#kurrentdb-log';
import { CannotStart, type Configuration } from '#runtime';

/** The result of a move: the number of entries in store and log, and the root hash of both, in base64. */
export interface MoveResult {
  readonly to: LogKind;
  readonly entries: number;
  readonly root: string;
}

/** The target of a move, and a callback for its progress. */
export interface MoveRequest {
  readonly to: LogKind;
  readonly tell: (progress: string) => void;
}

const TOLD_EVERY_MS = 2_000;
const LOOK_AGAIN_MS = 100;
const PAGE = 1_000;

/**
 * Moves the log of a database into KurrentDB, or back into PostgreSQL, and proves that both hold the same entries.
 *
 * Nobody can write from its start on; an interrupted move is continued by the same call, or cancelled by the opposite
 * one. Throws {@link CannotStart} if the two differ: then nobody can write until either is done.
 */
export async function switchLog(configuration: Configuration, { to, tell }: MoveRequest): Promise<MoveResult> {
  const { databaseUrl, databaseOwnerUrl: ownerUrl, kurrentUrl } = configuration;
  const url = ownerUrl ?? databaseUrl;
  if (url === undefined || kurrentUrl === undefined)
    throw new CannotStart(
      'This moves a log between PostgreSQL and KurrentDB. Set both DATABASE_URL and KURRENTDB_URL.',
    );
  const database = { url, name: 'policy-timeline-switch-log', ownerUrl, kurrentUrl, tell };
  return withLogMove(database, (moving) => moveLog(moving, { to, tell }));
}

async function moveLog(moving: LogMove & OpenedLog, asked: MoveRequest): Promise<MoveResult> {
  const { to, tell } = asked;
  const { kind, isMoving } = await readLogSetting(moving);
  if (kind === to) {
    tell(isMoving ? 'The move was cancelled.' : `The log is already in ${to}.`);
    await keepLogIn(moving, to);
    return { to, ...(await rootOfLog(moving)) };
  }
  await holdWrites(moving, to);
  tell('Writes are refused from now on.');
  if (to === 'kurrentdb') await copyToStore(moving, reportSometimes(tell));
  else await copyRemaining(moving, tell);
  const switched = await proveEqual(moving, asked);
  if (to === 'kurrentdb') await noteStorePositions(moving);
  await keepLogIn(moving, to);
  return switched;
}

/** Reports progress at intervals. */
function reportSometimes(tell: MoveRequest['tell']): (entries: number) => void {
  let last = 0;
  return (entries) => {
    if (Date.now() - last < TOLD_EVERY_MS) return;
    last = Date.now();
    tell(`KurrentDB holds ${entries} entries.`);
  };
}

/** Copies the events that the store has and the log lacks, unless another sequencer does. */
async function copyRemaining(moving: LogMove, tell: MoveRequest['tell']): Promise<void> {
  const stop = new AbortController();
  let failure: Error | undefined;
  const onTrouble = (error: unknown): void => {
    if (error instanceof Error) tell(error.message);
  };
  const sequencing = new Sequencer({ ...moving, name: `switch-log/${randomUUID()}`, onTrouble })
    .run(stop.signal)
    .catch((error: unknown) => (failure = error instanceof Error ? error : new Error(String(error))));
  while (!failure && !(await hasCopiedAll(moving))) await delay(LOOK_AGAIN_MS);
  stop.abort();
  await sequencing;
  if (failure) throw failure;
}

/** Compares the root hashes (RFC 6962) of the log's entries and of those computed from the store; throws if they differ. */
async function proveEqual(moving: LogMove, { to, tell }: MoveRequest): Promise<MoveResult> {
  const [log, store] = [new Frontier(), new Frontier()];
  let differing: number | undefined;
  for await (const { position, entry, fromStore } of compareWithStore(moving)) {
    if (entry !== '') log.append(leafOf(entry));
    if (fromStore !== undefined) store.append(leafOf(fromStore));
    if (fromStore !== entry) differing ??= position;
  }
  const [root, other] = [log, store].map((tree) => Buffer.from(tree.root()).toString('base64'));
  tell(`PostgreSQL: ${log.size} entries, root ${root}`);
  tell(`KurrentDB:  ${store.size} entries, root ${other}`);
  if (log.size !== store.size || !sameHash(log.root(), store.root()) || root === undefined)
    throw new CannotStart(
      `KurrentDB and PostgreSQL do not have the same log: they differ from position ${differing ?? log.size + 1} on. The log was not moved.`,
    );
  return { to, entries: log.size, root };
}

/** The root of the log alone: a move can be cancelled without the store. */
async function rootOfLog({ log }: OpenedLog): Promise<Omit<MoveResult, 'to'>> {
  const tree = new Frontier();
  for (let more = true; more;) {
    const entries = await log.readAll(positionOf(tree.size), PAGE);
    for (const { entry } of entries) tree.append(leafOf(entry));
    more = entries.length > 0;
  }
  return { entries: tree.size, root: Buffer.from(tree.root()).toString('base64') };
}

const leafOf = (entry: string): Uint8Array => leafHash(Buffer.from(entry));
