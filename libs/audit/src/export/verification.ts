import type { LogFinding } from '../log-check/findings.js';
import { type AcceptedRollback, listUnprovenRollbacks } from '../notes/rollbacks.js';

/** The first thing that is wrong with an export. */
export interface Fault extends LogFinding {
  /** The line of the file, from 1; null for what was given beside the file. */
  readonly line: number | null;
}

/** The outcome of verifying an export. */
export type Verification =
  | {
      readonly verdict: 'verified';
      readonly origin: string;
      /** The number of entries in the file, which is its last position. */
      readonly size: number;
      /** In base64. */
      readonly root: string;
      /** The verifier key of the signature. */
      readonly vkey: string;
      readonly streams: number;
      /** When the first and the last entry were recorded, in milliseconds since 1970 UTC; null of an empty log. */
      readonly recordedAt: { readonly first: number; readonly last: number } | null;
      /** Sentences: what is shown. */
      readonly proven: readonly string[];
      /** Sentences: what this file cannot show. */
      readonly unproven: readonly string[];
    }
  | {
      readonly verdict: 'not-verified';
      readonly fault: Fault;
      /** Up to which position entries were read without fault; nothing of it is proven. */
      readonly readUntil: number;
    };

/** The grounds on which a verdict rests. */
export interface Grounds {
  /** Of the file. */
  readonly size: number;
  /** Of the checkpoint. */
  readonly signedSize: number;
  /** Rollbacks that the checkpoint says were accepted. */
  readonly rollbacks: readonly AcceptedRollback[];
  readonly isKeyGiven: boolean;
  /** Size of the earlier checkpoint; undefined when none was given. */
  readonly earlierSize: number | undefined;
  readonly keysCompared: number;
  /** True when the checkpoint carries the digest of the stream heads, and it was compared. */
  readonly hasHeads: boolean;
}

/** Lists, in sentences, what an export that passed every check proves. */
export function listProven(grounds: Grounds): readonly string[] {
  const { size, signedSize, isKeyGiven, earlierSize, keysCompared, hasHeads } = grounds;
  const those = size === signedSize ? 'those' : `the first of the ${signedSize}`;
  return [
    `The ${size} entries are, byte for byte and in this order, ${those} that the checkpoint is signed over.`,
    `The signature is that of the ${isKeyGiven ? 'key you gave' : 'key the file names'}.`,
    'Every stream is without gap, and recorded times never decrease.',
    ...(hasHeads ? ['The digest of stream heads in the checkpoint is that of these entries.'] : []),
    ...(keysCompared > 0
      ? [`No key is used twice${keysCompared < size ? ` up to position ${keysCompared}` : ''}.`]
      : []),
    ...(earlierSize === undefined
      ? []
      : [`The first ${earlierSize} entries are those of the earlier checkpoint: nothing was rewritten since.`]),
  ];
}

/** Lists, in sentences, what an export cannot prove at all, and what it could with more to compare with. */
export function listUnproven(grounds: Grounds): readonly string[] {
  const { size, signedSize, isKeyGiven, earlierSize, keysCompared, rollbacks } = grounds;
  return [
    ...listUnprovenRollbacks(rollbacks),
    ...(size < signedSize
      ? [`What is at the positions from ${size + 1} to ${signedSize}: this file ends before them.`]
      : []),
    ...(isKeyGiven ? [] : ['Whose log this is: the key came with the file. Give the key you know from elsewhere.']),
    ...(earlierSize === undefined
      ? ['That the log was never rewritten: no earlier checkpoint was given to compare with.']
      : []),
    ...(keysCompared < size
      ? [`That no key beyond position ${keysCompared} is used twice: there are too many to remember.`]
      : []),
    'That this is the newest: later checkpoints may exist, with more entries.',
    'That others were shown the same log: compare checkpoints with theirs.',
    'That the operator recorded everything, or when they say: times are of their clock; their order alone is shown.',
    'That what was recorded is true.',
    'What notes and the names of private actors say: entries hold commitments to them, and texts may have been erased.',
  ];
}
