import { type CheckFault, checkCheckpoint, checkGrowth, checkInclusion } from '#audit/browser';
import { readCheckpoint } from '../../http/audit/checkpoint.js';
import { askOverHttp, keep, readKept } from '../browser.js';

/** A checkpoint with the key that signed it, as this browser kept them on its first visit. */
interface KeptCheckpoint {
  readonly note: string;
  readonly vkey: string;
}

/** What was checked in this browser, and what came of it. */
export type Trust =
  | { readonly verdict: 'verified'; readonly levels: readonly TrustLevel[]; readonly size: number }
  | { readonly verdict: 'wrong'; readonly fault: CheckFault; readonly now: string; readonly kept: string | undefined }
  | { readonly verdict: 'not-checked'; readonly because: string };

/** The levels that are checked without being asked: a signature, an event in the tree, growth since the first visit. */
export type TrustLevel = 'signature' | 'event' | 'growth';

const KEPT = 'first checkpoint';

/** Checks the newest checkpoint, that the log has only grown since this browser's first visit, and the event of the page. */
export async function checkTrust(eventKey: string | undefined): Promise<Trust> {
  const [checkpoint, key] = await Promise.all([
    askOverHttp('/v1/audit/checkpoint'),
    askOverHttp('/v1/audit/public-key'),
  ]);
  if (checkpoint.status !== 200 || key.status !== 200)
    return { verdict: 'not-checked', because: 'There is no checkpoint to be had now.' };
  const now: KeptCheckpoint = { note: checkpoint.text, vkey: key.text };
  const kept = readKeptCheckpoint();
  const wrong = (fault: CheckFault): Trust => ({ verdict: 'wrong', fault, now: now.note, kept: kept?.note });
  const signed = await checkCheckpoint({ note: now.note, vkey: kept?.vkey ?? now.vkey });
  if (signed.verdict === 'not-verified') return wrong(signed.fault);
  const levels: TrustLevel[] = ['signature'];
  if (kept === undefined) keep(KEPT, JSON.stringify(now));
  else {
    const fault = await findRewriting(kept, now);
    if (fault !== undefined) return wrong(fault);
    levels.push('growth');
  }
  if (eventKey !== undefined) {
    const outcome = await checkEvent(eventKey, signed.checkpoint);
    if (outcome !== 'included' && outcome !== 'not-yet') return wrong(outcome);
    if (outcome === 'included') levels.push('event');
  }
  return { verdict: 'verified', levels, size: signed.checkpoint.size };
}

function readKeptCheckpoint(): KeptCheckpoint | undefined {
  const text = readKept(KEPT);
  if (text === undefined) return undefined;
  const kept: KeptCheckpoint = JSON.parse(text);
  return kept;
}

async function findRewriting(kept: KeptCheckpoint, now: KeptCheckpoint): Promise<CheckFault | undefined> {
  const [from, to] = [kept, now].map(({ note }) => readCheckpoint(note)?.size ?? 0);
  const answer = from === to ? undefined : await askOverHttp(`/v1/audit/proof/consistency?from=${from}&to=${to}`);
  const proof: unknown = answer?.status === 200 ? JSON.parse(answer.text) : undefined;
  const grown = await checkGrowth({ earlier: kept.note, later: now.note, proof, vkey: kept.vkey });
  return grown.verdict === 'not-verified' ? grown.fault : undefined;
}

type Checkpoint = Parameters<typeof checkInclusion>[0]['checkpoint'];

/** Checks that an event is in the tree as it is shown; one that is newer than the checkpoint is not in it yet. */
async function checkEvent(key: string, checkpoint: Checkpoint): Promise<'included' | 'not-yet' | CheckFault> {
  const [proof, shown] = await Promise.all([
    askOverHttp(`/v1/audit/proof/inclusion?event=${encodeURIComponent(key)}&size=${checkpoint.size}`),
    askOverHttp(`/v1/events/${encodeURIComponent(key)}`),
  ]);
  if (proof.status !== 200 || shown.status !== 200) return 'not-yet';
  const included = await checkInclusion({
    proof: JSON.parse(proof.text),
    checkpoint,
    shown: JSON.parse(shown.text),
  });
  return included.verdict === 'not-verified' ? included.fault : 'included';
}
