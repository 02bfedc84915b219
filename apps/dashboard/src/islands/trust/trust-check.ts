import { checkCheckpoint, checkGrowth, checkInclusion } from '#audit/browser';
import { numberInWords } from '../../words/words.js';
import { readCheckpoint } from '../../http/audit/checkpoint.js';
import type { Checkable } from '../../http/audit/checkable.js';
import { askOverHttp, keep, readKept } from '../browser.js';
import { refold } from './refold.js';
import type { LevelResult, Trust, TrustFault, TrustLevel } from './trust.js';

/** A checkpoint with the key that signed it, as this browser kept them on its first visit. */
interface KeptCheckpoint {
  readonly note: string;
  readonly vkey: string;
}

const KEPT = 'first checkpoint';

/** The log as it is signed now, and what is known of it from before. */
interface SignedLog {
  readonly now: KeptCheckpoint;
  readonly kept: KeptCheckpoint | undefined;
  readonly checkpoint: Parameters<typeof checkInclusion>[0]['checkpoint'];
}

/** Whether a level holds, could not be checked, or is wrong. */
type Found = LevelResult | TrustFault;

const isFault = (found: Found): found is TrustFault => 'message' in found;

/**
 * Checks the newest checkpoint, that the log has only grown since this browser's first visit, and what a page shows.
 *
 * Tells what is found level by level: an answer, which takes longest, comes last.
 */
export async function checkTrust({ event, answer }: Checkable, tell: (trust: Trust) => void): Promise<void> {
  const log = await openLog();
  if ('verdict' in log) return tell(log);
  const { size } = log.checkpoint;
  const digits = readCheckpoint(log.now.note)?.digits ?? '';
  const results: Partial<Record<TrustLevel, LevelResult>> = {
    signature: {
      outcome: 'checked',
      words: `Its ${numberInWords(size)} entries are signed with the key ${log.kept?.vkey ?? log.now.vkey}.`,
    },
  };
  const levels: readonly (readonly [TrustLevel, (() => Promise<Found>) | undefined])[] = [
    ['growth', () => checkGrown(log)],
    ['event', event && (() => checkEvent(event, log))],
    ['answer', answer && (() => checkAnswered(answer, log))],
  ];
  for (const [level, check] of levels) {
    if (check === undefined) continue;
    if (level === 'answer') tell({ verdict: 'verified', results: { ...results }, size, digits });
    const found = await check();
    if (isFault(found)) return tell(wrong(found, log));
    results[level] = found;
  }
  tell({ verdict: 'verified', results, size, digits });
}

/** Checks answers one after the other, and tells after each how many were; answers the first fault, or nothing. */
export async function checkAnswers(
  answers: readonly NonNullable<Checkable['answer']>[],
  tell: (progress: { readonly checked: number; readonly open: number }) => void,
): Promise<Trust | undefined> {
  const log = await openLog();
  if ('verdict' in log) return log;
  const progress = { checked: 0, open: 0 };
  for (const answer of answers) {
    const found = await checkAnswered(answer, log);
    if (isFault(found)) return wrong({ ...found, message: `The answer about ${answer.policy}: ${found.message}` }, log);
    progress[found.outcome === 'checked' ? 'checked' : 'open'] += 1;
    tell({ ...progress });
  }
  return undefined;
}

const wrong = (fault: TrustFault, { now, kept }: Pick<SignedLog, 'now' | 'kept'>): Trust => ({
  verdict: 'wrong',
  fault,
  now: now.note,
  kept: kept?.note,
});

async function openLog(): Promise<SignedLog | Trust> {
  const [checkpoint, key] = await Promise.all([
    askOverHttp('/v1/audit/checkpoint'),
    askOverHttp('/v1/audit/public-key'),
  ]);
  if (checkpoint.status !== 200 || key.status !== 200)
    return { verdict: 'not-checked', because: 'There is no checkpoint to be had now.' };
  const now: KeptCheckpoint = { note: checkpoint.text, vkey: key.text.trim() };
  const kept = readKeptCheckpoint();
  const signed = await checkCheckpoint({ note: now.note, vkey: kept?.vkey ?? now.vkey });
  if (signed.verdict === 'not-verified') return wrong(signed.fault, { now, kept });
  if (kept === undefined) keep(KEPT, JSON.stringify(now));
  return { now, kept, checkpoint: signed.checkpoint };
}

function readKeptCheckpoint(): KeptCheckpoint | undefined {
  const text = readKept(KEPT);
  if (text === undefined) return undefined;
  const kept: KeptCheckpoint = JSON.parse(text);
  return kept;
}

const sizeOf = (note: string): number => readCheckpoint(note)?.size ?? 0;

async function checkGrown({ now, kept }: SignedLog): Promise<Found> {
  if (kept === undefined)
    return {
      outcome: 'begun',
      words: 'This is your first visit: the checkpoint is kept, to be compared with at the next.',
    };
  const grown = await findGrowth({ earlier: kept, later: now });
  if (grown !== 'grown') return grown;
  const words = `It had ${numberInWords(sizeOf(kept.note))} entries on your first visit, which are the first of its ${numberInWords(sizeOf(now.note))} entries now.`;
  return { outcome: 'checked', words };
}

interface Growth {
  readonly earlier: KeptCheckpoint;
  readonly later: Pick<KeptCheckpoint, 'note'>;
}

/** Whether a log has only grown from one checkpoint to another. */
async function findGrowth({ earlier, later }: Growth): Promise<'grown' | Found> {
  const [from, to] = [earlier, later].map(({ note }) => sizeOf(note));
  const answer = from === to ? undefined : await askOverHttp(`/v1/audit/proof/consistency?from=${from}&to=${to}`);
  if (answer !== undefined && (answer.status === 429 || answer.status >= 500))
    return { outcome: 'not-run', words: 'The proof that the log has only grown cannot be had now.' };
  const proof: unknown = answer?.status === 200 ? JSON.parse(answer.text) : undefined;
  const grown = await checkGrowth({ earlier: earlier.note, later: later.note, proof, vkey: earlier.vkey });
  return grown.verdict === 'not-verified' ? grown.fault : 'grown';
}

/** Checks that an event is in the tree as it is shown; one that is newer than the checkpoint is not in it yet. */
async function checkEvent({ key, shown }: NonNullable<Checkable['event']>, { checkpoint }: SignedLog): Promise<Found> {
  const [proof, served] = await Promise.all([
    askOverHttp(`/v1/audit/proof/inclusion?event=${encodeURIComponent(key)}&size=${checkpoint.size}`),
    askOverHttp(`/v1/events/${encodeURIComponent(key)}`),
  ]);
  const event: { readonly position?: number } = served.status === 200 ? JSON.parse(served.text) : {};
  if (event.position !== undefined && event.position > checkpoint.size)
    return {
      outcome: 'not-run',
      words: `This event (@${event.position}) is newer than the checkpoint: not signed yet.`,
    };
  if (proof.status !== 200 || event.position === undefined)
    return { outcome: 'not-run', words: 'The proof of this event cannot be had now.' };
  for (const each of shown === undefined ? [event] : [event, shown]) {
    const included = await checkInclusion({ proof: JSON.parse(proof.text), checkpoint, shown: each });
    if (included.verdict === 'not-verified') return included.fault;
  }
  return { outcome: 'checked', words: `The event ${key} (@${event.position}) is in the log as it is shown.` };
}

/** Checks that a state follows from all entries of its policy, under a checkpoint that continues the one of now. */
async function checkAnswered(answer: NonNullable<Checkable['answer']>, log: SignedLog): Promise<Found> {
  const proven = await askOverHttp(`${answer.permalink}&proof=true`);
  if (proven.status !== 200) return { outcome: 'not-run', words: whyNoProof(answer.position, log.checkpoint.size) };
  const vkey = log.kept?.vkey ?? log.now.vkey;
  const outcome = await refold({ text: proven.text, vkey, shown: answer.shown });
  if (outcome.verdict === 'not-run') return { outcome: 'not-run', words: outcome.because };
  if (outcome.verdict === 'wrong') return outcome.fault;
  const proof = { note: outcome.note, vkey };
  const [earlier, later] = sizeOf(proof.note) < sizeOf(log.now.note) ? [proof, log.now] : [log.now, proof];
  const grown = await findGrowth({ earlier: { ...earlier, vkey }, later });
  if (grown !== 'grown') return grown;
  return {
    outcome: 'checked',
    words: `All ${numberInWords(outcome.entries)} entries of the policy, folded again here, give what is shown.`,
  };
}

const whyNoProof = (position: number, size: number): string =>
  position > size
    ? `This answer, as of @${position}, is newer than the checkpoint: not signed yet.`
    : 'The proof of this answer cannot be had now.';
