import * as z from 'zod/mini';
import type { RecordedEvent } from '#domain/facts';
import { type EntryObject, type EntryValue, canonicalJson } from '#event-log/canonical';
import { type Coordinate, type Fact, type Uncertainty, keysInForce, stateAt, stateDocument } from '#temporal/fold';
import { HASH_BYTES, type Hash } from '../merkle/tree-hashes.js';
import { base64, bytesOfBase64, utf8 } from '../primitives/bytes.js';
import { type ParseResult, read, unreadable } from '../primitives/parse-result.js';
import { type CheckSteps, hashStepwise } from '../primitives/steps.js';
import { questionSchema, readWritten, writtenCoordinate } from './question.js';
import { writtenOrOpen } from './recount/recount.js';

/** The name of the answer's format. */
export const ANSWER_FORMAT = 'policy-timeline-answer';

/** The version of the answer's form. */
export const ANSWER_VERSION = 1;

/** An answer proves a policy of at most this many entries. */
export const ANSWER_ENTRIES_LIMIT = 100_000;

const count = z.int().check(z.minimum(0));

const hashText = z
  .string()
  .check(z.refine((text) => bytesOfBase64(text)?.length === HASH_BYTES, 'is not a hash in base64'));

const disclosure = z.union([
  z.strictObject({ pointer: z.string(), salt: z.base64(), value: z.string() }),
  z.strictObject({ pointer: z.string(), value: z.null() }),
]);

const provenEntry = z.strictObject({
  position: z.int().check(z.minimum(1)),
  /** The leaf: the stored canonical JSON, byte for byte. */
  entry: z.string(),
  /** From the leaf's neighbour up to the root of the checkpoint. */
  hashes: z.array(hashText).check(z.maxLength(64)),
  /** The texts behind the entry's commitments: with their salt, or `null` for an erased one. */
  erasable: z.array(disclosure),
});

/**
 * What is answered of a policy at a coordinate, with all it follows from: its state, or what `question` asks.
 *
 * The entries are the policy's whole stream up to the checkpoint's size, in order; `head` shows from the checkpoint that
 * the last of them is the stream's last. `shown` is what the fold of that version makes of them at the coordinate; of a
 * list some rows, and how many there are; `shownHash` is the SHA-256 of its canonical JSON: a short name for the answer.
 */
export const answerSchema = z.strictObject({
  format: z.literal(ANSWER_FORMAT),
  version: z.literal(ANSWER_VERSION),
  policy: z.string(),
  at: writtenCoordinate,
  /** What was asked, where it was not the state. */
  question: z.optional(questionSchema),
  fold: z.int().check(z.minimum(1)),
  shown: z.json(),
  shownHash: hashText,
  entries: z.array(provenEntry).check(z.minLength(1), z.maxLength(ANSWER_ENTRIES_LIMIT)),
  head: z.strictObject({ index: count, hashes: z.array(hashText).check(z.maxLength(64)) }),
  checkpoint: z.string(),
  /** The key that signed it, for whoever knows none. */
  vkey: z.string(),
});

/** See the schema: every field is required, and no other is taken. */
export type AnswerDocument = z.infer<typeof answerSchema>;

/** One entry of an answer, its proof, and the texts behind its commitments. */
export type ProvenEntry = z.infer<typeof provenEntry>;

/** Reads an answer from JSON that was parsed. */
export function parseAnswer(json: unknown): ParseResult<AnswerDocument> {
  const parsed = answerSchema.safeParse(json);
  if (parsed.success) return read(parsed.data);
  return unreadable(issueOf(parsed.error));
}

/** The first thing that is wrong with an answer's form. */
export function issueOf({ issues: [issue] }: z.core.$ZodError): string {
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

/** Asks for the SHA-256 of what an answer shows, in base64. */
export function* hashShownStepwise(shown: EntryValue): CheckSteps<string> {
  return base64(yield* hashStepwise(utf8(canonicalJson(shown))));
}

/** The coordinate that an answer is for. */
export function coordinateOf({ at }: Pick<AnswerDocument, 'at'>, recorded: Coordinate['recorded']): Coordinate {
  return { recorded, knownAt: readWritten(at.knownAt), validAt: readWritten(at.validAt) };
}

/** The hashes of a proof. */
export const hashesOf = (texts: readonly string[]): readonly Hash[] =>
  texts.map((text) => bytesOfBase64(text) ?? new Uint8Array());

const shownUncertainty = ({ field, value, event, from, settled }: Uncertainty) => ({
  field,
  value,
  event,
  from: writtenOrOpen(from),
  settled: writtenOrOpen(settled),
});
