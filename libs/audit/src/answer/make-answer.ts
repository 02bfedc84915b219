import { formatInstant } from '#domain';
import { type EntryObject, canonicalJson } from '#event-log/canonical';
import { type Coordinate, FOLD_VERSION } from '#temporal';
import { base64, utf8 } from '../primitives/bytes.js';
import { nodeCryptography } from '../primitives/node-cryptography.js';
import type { Question } from './question.js';
import { ANSWER_FORMAT, ANSWER_VERSION, type AnswerDocument, type ProvenEntry } from './answer-document.js';

/** The parts of an answer. */
export interface AnswerParts {
  readonly policy: string;
  readonly at: Coordinate;
  /** What was asked, where it was not the state. */
  readonly question?: Question | undefined;
  /** What follows from the entries: {@link foldShown}, or the answer to the question. */
  readonly shown: EntryObject;
  readonly entries: readonly ProvenEntry[];
  readonly head: AnswerDocument['head'];
  /** Signed, with the digest of the stream heads. */
  readonly checkpoint: string;
  readonly vkey: string;
}

/** Puts an answer together. */
export function answerDocument({
  policy,
  at,
  question,
  shown,
  entries,
  head,
  checkpoint,
  vkey,
}: AnswerParts): AnswerDocument {
  // Written once: it can be long.
  const text = canonicalJson(shown);
  const json: AnswerDocument['shown'] = JSON.parse(text);
  return {
    format: ANSWER_FORMAT,
    version: ANSWER_VERSION,
    policy,
    at: { recorded: at.recorded, knownAt: formatInstant(at.knownAt), validAt: formatInstant(at.validAt) },
    ...(question === undefined ? {} : { question }),
    fold: FOLD_VERSION,
    shown: json,
    shownHash: base64(nodeCryptography.hash(utf8(text))),
    entries: [...entries],
    head,
    checkpoint,
    vkey,
  };
}
