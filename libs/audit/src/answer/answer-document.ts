import { hash } from 'node:crypto';
import { z } from 'zod';
import { type Instant, type RecordedEvent, formatInstant, instant, parseInstant } from '#domain';
import { type EntryValue, type EntryObject, canonicalJson } from '#event-log/canonical';
import {
  type Coordinate,
  FOLD_VERSION,
  type Fact,
  type Uncertainty,
  keysInForce,
  stateAt,
  stateDocument,
} from '#temporal';
import { HASH_BYTES, type Hash } from '../merkle/tree-hashes.js';
import { type ParseResult, read, unreadable } from '../primitives/parse-result.js';
import { bytesOfBase64 } from '../primitives/bytes.js';

/** The name of the answer's format. */
export const ANSWER_FORMAT = 'policy-timeline-answer';

/** The version of the answer's form. */
export const ANSWER_VERSION = 1;

/** An answer proves a policy of at most this many entries. */
export const ANSWER_ENTRIES_LIMIT = 100_000;

const count = z.int().min(0);

const hashText = z.string().refine((text) => bytesOfBase64(text)?.length === HASH_BYTES, 'is not a hash in base64');

const instantText = z
  .string()
  .refine((text) => writtenInstant(parseInstant(text)) === text, 'is not an instant in UTC with milliseconds');

const disclosure = z.union([
  z.strictObject({ pointer: z.string(), salt: z.base64(), value: z.string() }),
  z.strictObject({ pointer: z.string(), value: z.null() }),
]);

const provenEntry = z.strictObject({
  position: z.int().min(1),
  /** The leaf: the stored canonical JSON, byte for byte. */
  entry: z.string(),
  /** From the leaf's neighbour up to the root of the checkpoint. */
  hashes: z.array(hashText).max(64),
  /** The texts behind the entry's commitments: with their salt, or `null` for an erased one. */
  erasable: z.array(disclosure),
});

/**
 * A policy's state at a coordinate, with all it follows from.
 *
 * The entries are the policy's whole stream up to the checkpoint's size, in order; `head` shows from the checkpoint that
 * the last of them is the stream's last. `shown` is what the fold of that version makes of them at the coordinate, and
 * `shownHash` the SHA-256 of its canonical JSON: a short name for the answer.
 */
export const answerSchema = z.strictObject({
  format: z.literal(ANSWER_FORMAT),
  version: z.literal(ANSWER_VERSION),
  policy: z.string(),
  at: z.strictObject({ recorded: count, knownAt: instantText, validAt: instantText }),
  fold: z.int().min(1),
  shown: z.json(),
  shownHash: hashText,
  entries: z.array(provenEntry).min(1).max(ANSWER_ENTRIES_LIMIT),
  head: z.strictObject({ index: count, hashes: z.array(hashText).max(64) }),
  checkpoint: z.string(),
  /** The key that signed it, for whoever knows none. */
  vkey: z.string(),
});

/** See the schema: every field is required, and no other is taken. */
export type AnswerDocument = z.infer<typeof answerSchema>;

/** One entry of an answer, its proof, and the texts behind its commitments. */
export type ProvenEntry = z.infer<typeof provenEntry>;

/**
 * A state answer as it is served with its proof. What else it says, like the policy's title, is not proven and not
 * looked at.
 */
const servedSchema = z.looseObject({
  policy: z.string(),
  coordinate: z.looseObject({
    recordedAt: z.looseObject({ position: count }),
    knownAt: instantText,
    validAt: instantText,
  }),
  state: z.json(),
  uncertain: z.json(),
  eventCount: count,
  meta: z.looseObject({ fold: z.int() }),
  proof: answerSchema,
});

/** See the schema. */
export type ServedAnswer = z.infer<typeof servedSchema>;

/** Reads a state answer that carries its proof, or the proof alone. */
export function parseServed(
  json: unknown,
): ParseResult<{ readonly proof: AnswerDocument; readonly served?: ServedAnswer }> {
  if (typeof json !== 'object' || json === null || !('proof' in json)) {
    const alone = parseAnswer(json);
    return alone.ok ? read({ proof: alone.value }) : alone;
  }
  const parsed = servedSchema.safeParse(json);
  return parsed.success ? read({ proof: parsed.data.proof, served: parsed.data }) : unreadable(issueOf(parsed.error));
}

/** Reads an answer from JSON that was parsed. */
export function parseAnswer(json: unknown): ParseResult<AnswerDocument> {
  const parsed = answerSchema.safeParse(json);
  if (parsed.success) return read(parsed.data);
  return unreadable(issueOf(parsed.error));
}

function issueOf({ issues: [issue] }: z.ZodError): string {
  return `At /${issue?.path.join('/') ?? ''}: ${issue?.message ?? 'not an answer'}.`;
}

/** Folds a policy's events to what holds at a coordinate, as answers show it; null for a time that is open. */
export function foldShown(events: readonly RecordedEvent[], at: Coordinate): EntryObject {
  const policy = stateAt(events, at);
  return renderShown({
    facts: [...policy.facts.values()],
    uncertain: policy.uncertain,
    eventCount: keysInForce(policy).length,
  });
}

/** The result of folding a policy's events. */
interface FoldedEvents {
  readonly facts: readonly Fact[];
  readonly uncertain: readonly Uncertainty[];
  readonly eventCount: number;
}

/** Renders folded events as {@link foldShown} does. */
export function renderShown({ facts, uncertain, eventCount }: FoldedEvents): EntryObject {
  const shown = { state: stateDocument(facts), uncertain: uncertain.map(shownUncertainty), eventCount };
  // What is shown is JSON, and reads as its canonical text does.
  const json: EntryObject = JSON.parse(canonicalJson(shown));
  return json;
}

/** The SHA-256 of what an answer shows, in base64. */
export const hashShown = (shown: EntryValue): string => hash('sha256', canonicalJson(shown), 'base64');

/** The coordinate that an answer is for. */
export function coordinateOf({ at }: Pick<AnswerDocument, 'at'>, recorded: Coordinate['recorded']): Coordinate {
  return { recorded, knownAt: instantOf(at.knownAt), validAt: instantOf(at.validAt) };
}

/** The hashes of a proof. */
export const hashesOf = (texts: readonly string[]): readonly Hash[] =>
  texts.map((text) => bytesOfBase64(text) ?? new Uint8Array());

/** The parts of an answer. */
export interface AnswerParts {
  readonly policy: string;
  readonly at: Coordinate;
  /** The fold of the entries: {@link foldShown}. */
  readonly shown: EntryObject;
  readonly entries: readonly ProvenEntry[];
  readonly head: AnswerDocument['head'];
  /** Signed, with the digest of the stream heads. */
  readonly checkpoint: string;
  readonly vkey: string;
}

/** Puts an answer together. */
export function answerDocument({ policy, at, shown, entries, head, checkpoint, vkey }: AnswerParts): AnswerDocument {
  // Written once: it can be long.
  const text = canonicalJson(shown);
  const json: AnswerDocument['shown'] = JSON.parse(text);
  return {
    format: ANSWER_FORMAT,
    version: ANSWER_VERSION,
    policy,
    at: { recorded: at.recorded, knownAt: formatInstant(at.knownAt), validAt: formatInstant(at.validAt) },
    fold: FOLD_VERSION,
    shown: json,
    shownHash: hash('sha256', text, 'base64'),
    entries: [...entries],
    head,
    checkpoint,
    vkey,
  };
}

const shownUncertainty = ({ field, value, event, from, settled }: Uncertainty) => ({
  field,
  value,
  event,
  from: writtenInstant(from),
  settled: writtenInstant(settled),
});

const writtenInstant = (at: Instant | undefined): string | null =>
  at !== undefined && Number.isFinite(at) ? formatInstant(at) : null;

const instantOf = (text: string): Instant => parseInstant(text) ?? instant(Number.NaN);
