import type { RecordedEvent } from '#domain/facts';
import { REGISTERED, commitmentBytes, fromStored, policyStream, position, revision } from '#domain/stored';
import { DISREGARDED, type EntryValue, canonicalJson } from '#event-log/canonical';
import { FOLD_VERSION, finish } from '#temporal/fold';
import { type EntryContent, readEntryText } from '../log-check/entry-text.js';
import { provesInclusionStepwise } from '../merkle/path-verification.js';
import { provesHeadStepwise } from '../merkle/stream-head.js';
import { leafHashStepwise } from '../merkle/tree-hashes.js';
import { type Checkpoint, openCheckpointStepwise } from '../notes/checkpoint.js';
import { headsIn } from '../notes/heads-line.js';
import { type AcceptedRollback, rollbacksIn } from '../notes/rollbacks.js';
import { type VerifierKey, parseVerifierKeyStepwise } from '../notes/verifier-key.js';
import { base64, bytesOfBase64, utf8 } from '../primitives/bytes.js';
import { type CheckSteps, hashStepwise } from '../primitives/steps.js';
import {
  type AnswerDocument,
  type ProvenEntry,
  coordinateOf,
  foldShown,
  hashShownStepwise,
  hashesOf,
} from './answer-document.js';
import { sayProven, sayUnproven, shownRows } from './answer-sentences.js';
import { describeQuestion } from './question.js';
import { type RecountSteps, type ShownRows, showRecount } from './recount/recount.js';
import { memberThatDiffers, parseServed } from './served-answer.js';

/** The reason why an answer is not verified. */
export type AnswerFaultReason =
  | 'answer-unreadable'
  | 'key-differs'
  | 'answer-differs'
  | 'checkpoint-unreadable'
  | 'no-stream-heads'
  | 'beyond-checkpoint'
  | 'not-included'
  | 'not-an-entry'
  | 'other-stream'
  | 'chain-broken'
  | 'not-the-last'
  | 'commitment-differs'
  | 'fold-unknown'
  | 'question-unknown'
  | 'not-foldable'
  | 'shown-differs';

/** The first thing that is wrong with an answer. */
export interface AnswerFault {
  readonly reason: AnswerFaultReason;
  /** The bad entry's position; null where the fault is in no single one. */
  readonly position: number | null;
  readonly message: string;
}

/** The outcome of verifying an answer. */
export type AnswerVerification =
  | {
      readonly verdict: 'verified';
      readonly policy: string;
      readonly at: AnswerDocument['at'];
      /** What was asked, in words; undefined for the state. */
      readonly question: string | undefined;
      readonly checkpoint: Checkpoint;
      /** The verifier key of the signature. */
      readonly vkey: string;
      /** The state at the coordinate, or what else was asked, made again from the entries. */
      readonly shown: EntryValue;
      /** Sentences: what is shown. */
      readonly proven: readonly string[];
      /** Sentences: what the answer cannot show. */
      readonly unproven: readonly string[];
    }
  | { readonly verdict: 'not-verified'; readonly fault: AnswerFault };

/**
 * Verifies an answer that carries its proof, as it is served or the proof alone; needs no network, no database and no
 * clock.
 *
 * The entries are leaves of the tree that the key signed; each names the one before it in its stream, down to the first,
 * and the signed digest of stream heads shows the last to be the last: so none is left out, put in or changed. Folded
 * again they give what the answer shows. Without a key the answer's own is taken, which shows no more than that it is
 * whole.
 */
export function* verifyAnswerStepwise(json: unknown, by: VerifiedBy): CheckSteps<AnswerVerification> {
  try {
    return yield* findAnswer(json, by);
  } catch (error) {
    if (error instanceof AnswerFaultError) return { verdict: 'not-verified', fault: error.fault };
    throw error;
  }
}

/** By what an answer is verified. */
export interface VerifiedBy {
  readonly key?: VerifierKey | undefined;
  /** Answers what was asked again, where it was not the state. */
  readonly recount: RecountSteps;
}

function* findAnswer(json: unknown, { key: given, recount }: VerifiedBy): CheckSteps<AnswerVerification> {
  const parsed = parseServed(json);
  if (!parsed.ok) throw faultAt('answer-unreadable', null, parsed.message);
  const { proof: answer, pairs } = parsed.value;
  const key = yield* keyOf(answer, given);
  const opened = yield* openCheckpointStepwise(answer.checkpoint, key);
  if (!opened.ok) throw faultAt('checkpoint-unreadable', null, opened.message);
  const checkpoint = opened.value;
  if (answer.at.recorded > checkpoint.size)
    throw faultAt('beyond-checkpoint', null, `The coordinate lies beyond the checkpoint's ${checkpoint.size} entries.`);
  const contents: EntryContent[] = [];
  for (const entry of answer.entries) contents.push(yield* readIncluded(entry, checkpoint));
  yield* assertWhole(answer, contents, checkpoint);
  const events = yield* eventsOf(answer, contents);
  const shown = yield* foldAgain(answer, events, recount);
  const differing = memberThatDiffers(pairs ?? []);
  if (differing !== undefined)
    throw faultAt('answer-differs', null, `The answer's ${differing} is not that of its proof.`);
  return {
    verdict: 'verified',
    policy: answer.policy,
    at: answer.at,
    question: answer.question && describeQuestion(answer.question),
    checkpoint,
    vkey: key.text,
    shown,
    proven: sayProven({ answer, size: checkpoint.size, isKeyGiven: given !== undefined }),
    unproven: sayUnproven({
      isKeyGiven: given !== undefined,
      question: answer.question,
      isServed: pairs !== undefined,
      rollbacks: rollbacksOf(checkpoint),
      isErased: JSON.stringify(events).includes('{"erased":true}'),
    }),
  };
}

function* keyOf(answer: AnswerDocument, given: VerifierKey | undefined): CheckSteps<VerifierKey> {
  const key = yield* parseVerifierKeyStepwise(answer.vkey);
  if (!key.ok) throw faultAt('answer-unreadable', null, `At /vkey: ${key.message}`);
  if (given && given.text !== key.value.text)
    throw faultAt('key-differs', null, `The answer names the key ${key.value.text}, not the one given, ${given.text}.`);
  return key.value;
}

function rollbacksOf({ extensions }: Checkpoint): readonly AcceptedRollback[] {
  const rollbacks = rollbacksIn(extensions);
  if (rollbacks.ok) return rollbacks.value;
  throw faultAt('checkpoint-unreadable', null, rollbacks.message);
}

/** Reads an entry that is proven to be a leaf of the signed tree. */
function* readIncluded(
  { position: at, entry, hashes }: ProvenEntry,
  { size, root }: Checkpoint,
): CheckSteps<EntryContent> {
  const bytes = utf8(entry);
  const leaf = yield* leafHashStepwise(bytes);
  const isIncluded = yield* provesInclusionStepwise(hashesOf(hashes), { index: at - 1, size, leaf, root });
  if (!isIncluded) throw faultAt('not-included', at, 'The entry is not a leaf of the signed tree there.');
  const content = readEntryText(bytes);
  if (!content.ok) throw faultAt('not-an-entry', at, content.message);
  return content.value;
}

/** Throws unless the entries are the stream of the policy, from its first to its last at the checkpoint's size. */
function* assertWhole(
  answer: AnswerDocument,
  contents: readonly EntryContent[],
  checkpoint: Checkpoint,
): CheckSteps<void> {
  const stream = policyStream(answer.policy);
  for (const [index, content] of contents.entries()) {
    const at = answer.entries[index]?.position ?? null;
    if (content.stream !== stream) throw faultAt('other-stream', at, `The entry is of the stream "${content.stream}".`);
    if (content.revision !== index || content.prev !== answer.entries[index - 1]?.position)
      throw faultAt('chain-broken', at, 'The entry does not follow on the one before it in its stream.');
  }
  const digest = headsIn(checkpoint.extensions);
  if (!digest.ok) throw faultAt('no-stream-heads', null, digest.message);
  if (!digest.value) throw faultAt('no-stream-heads', null, 'The checkpoint does not say where streams ended.');
  const last = answer.entries.at(-1)?.position ?? 0;
  const head = { stream, position: last, revision: contents.length - 1 };
  const proof = { index: answer.head.index, hashes: hashesOf(answer.head.hashes) };
  const isLast = yield* provesHeadStepwise(proof, head, digest.value);
  if (!isLast) throw faultAt('not-the-last', last, 'It is not shown that this is the last entry of its stream.');
}

function* foldAgain(
  answer: AnswerDocument,
  events: readonly RecordedEvent[],
  recount: RecountSteps,
): CheckSteps<EntryValue> {
  if (answer.fold !== FOLD_VERSION) throw faultAt('fold-unknown', null, otherFold(answer.fold));
  const shown = fold(answer, events, recount);
  const shownHash = yield* hashShownStepwise(shown);
  if (canonicalJson(shown) !== canonicalJson(answer.shown) || shownHash !== answer.shownHash)
    throw faultAt('shown-differs', null, 'Folded again, the entries give another answer.');
  return shown;
}

/** The entries were proven before: the only open question is whether they give what the answer shows. */
const otherFold = (fold: number): string =>
  `The answer was made by the rules of fold ${fold}, and this program has those of fold ${FOLD_VERSION}. Its entries are in the signed log, whole and unchanged; whether they come to what it shows cannot be told here. ${
    fold < FOLD_VERSION
      ? 'Ask for the answer again, or check it with the version that made it.'
      : 'Check it with a newer version.'
  }`;

function fold(answer: AnswerDocument, events: readonly RecordedEvent[], recount: RecountSteps): EntryValue {
  const { policy, question, shown } = answer;
  const at = coordinateOf(answer, position(answer.at.recorded));
  try {
    if (question === undefined) return foldShown(events, at);
    const counted = finish(recount({ policy, question, events, at }));
    if (counted === undefined)
      throw faultAt('question-unknown', null, 'This program cannot answer that question by itself: use ptl verify.');
    const rows = shownRows.safeParse(shown);
    return showRecount(counted, rows.success ? { first: rows.data.first, length: rows.data.items.length } : NO_ROWS);
  } catch (error) {
    if (error instanceof AnswerFaultError) throw error;
    throw faultAt('not-foldable', null, `The entries cannot be folded: ${String(error)}`);
  }
}

const NO_ROWS: ShownRows = { first: 1, length: 0 };

function* eventsOf(answer: AnswerDocument, contents: readonly EntryContent[]): CheckSteps<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for (const [index, content] of contents.entries()) {
    const entry = answer.entries[index];
    if (entry && content.type !== REGISTERED && content.type !== DISREGARDED)
      events.push(yield* eventOf(entry, content));
  }
  return events;
}

function* eventOf({ position: at, erasable }: ProvenEntry, content: EntryContent): CheckSteps<RecordedEvent> {
  for (const disclosed of erasable) yield* assertCommitted(disclosed, content, at);
  try {
    return fromStored({ ...content, position: position(at), revision: revision(content.revision), erasable });
  } catch (error) {
    throw faultAt('not-foldable', at, `The entry cannot be read as an event: ${String(error)}`);
  }
}

/** Throws unless the entry holds a commitment at the pointer and, where a text is shown, it is to that text. */
function* assertCommitted(
  disclosed: ProvenEntry['erasable'][number],
  { body }: EntryContent,
  at: number,
): CheckSteps<void> {
  const commitment = valueAt(disclosed.pointer, body);
  const commit = isObject(commitment) ? commitment['commit'] : undefined;
  const isKept =
    disclosed.value === null
      ? commit !== undefined
      : commit === (yield* commitmentStepwise(disclosed.value, disclosed.salt));
  if (!isKept)
    throw faultAt('commitment-differs', at, `The entry holds no commitment to the text at ${disclosed.pointer}.`);
}

function* commitmentStepwise(value: string, salt: string): CheckSteps<string> {
  return base64(yield* hashStepwise(commitmentBytes(value, bytesOfBase64(salt) ?? new Uint8Array())));
}

/** The value at a JSON Pointer (RFC 6901); undefined where there is none. */
function valueAt(pointer: string, body: EntryValue): EntryValue | undefined {
  const [root, ...names] = pointer.split('/').map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (root !== '') return undefined;
  let value: EntryValue | undefined = body;
  for (const name of names) {
    if (Array.isArray(value)) value = /^(0|[1-9]\d*)$/.test(name) ? value[Number(name)] : undefined;
    else value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return value;
}

const isObject = (value: EntryValue | undefined): value is { readonly [name: string]: EntryValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Leads from where a fault is found to the verdict, and never out of this file. */
class AnswerFaultError extends Error {
  override readonly name = 'AnswerFaultError';
  constructor(readonly fault: AnswerFault) {
    super(fault.message);
  }
}

const faultAt = (reason: AnswerFaultReason, at: number | null, message: string): AnswerFaultError =>
  new AnswerFaultError({ reason, position: at, message });
