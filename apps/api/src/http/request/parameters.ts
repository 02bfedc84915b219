import { z } from 'zod';
import { didYouMean, position } from '#domain';
import { coordinateParameters } from './coordinates.js';
import { readCursor } from './cursors.js';
import type { LeftOut } from '#projections';

const DEFAULT_LIMIT = 100;
const HIGHEST_LIMIT = 1_000;
const LONGEST_TEXT = 500;
const LONGEST_LIST = 4_000;
const LONGEST_ADDRESS = 2_000;

/** The query of a route without parameters. */
export const noQuery = z.object({});

/** A name or word to search for. */
export const textParameter = (description: string) =>
  z.string().max(LONGEST_TEXT, `must have at most ${LONGEST_TEXT} characters`).optional().meta({ description });

/** An address of the web; no filter by default. */
export const addressParameter = (description: string) =>
  z
    .string()
    .max(LONGEST_ADDRESS, `must have at most ${LONGEST_ADDRESS} characters`)
    .refine(
      (text) => /^https?:[/][/]/i.test(text) && URL.canParse(text),
      'must be a whole address that begins with http:// or https://',
    )
    .optional()
    .meta({ description });

/** Names of which any may apply, separated by commas. */
export const namesParameter = (description: string) =>
  z
    .string()
    .max(LONGEST_LIST, `must have at most ${LONGEST_LIST} characters`)
    .transform((text) => text.split(',').map((name) => name.trim()))
    .refine((names) => names.every((name) => name !== ''), 'must be names separated by single commas')
    .optional()
    .meta({ description });

/** `true` or `false`; false unless told otherwise. */
export const switchParameter = (description: string, { otherwise = false } = {}) =>
  z
    .enum(['true', 'false'], 'must be true or false')
    .default(otherwise ? 'true' : 'false')
    .transform((text) => text === 'true')
    .meta({ description });

/** `true` for those of which something holds, `false` for the others; no filter by default. */
export const eitherParameter = (description: string) =>
  z
    .enum(['true', 'false'], 'must be true or false')
    .transform((text) => text === 'true')
    .optional()
    .meta({ description });

/** One of a few words; the first by default. */
export const choiceParameter = <const Words extends readonly [string, ...string[]]>(
  words: Words,
  description: string,
) =>
  z
    .enum(words, `must be one of ${words.join(', ')}`)
    .default(words[0])
    .meta({ description });

/** One word of a closed list; no filter by default. A mistake names the word that was probably meant. */
export const wordParameter = (words: readonly string[], description: string) =>
  z
    .enum(words, { error: ({ input }) => `must be one of ${words.join(', ')}.${didYouMean(String(input), words)}` })
    .optional()
    .meta({ description });

/** Words of a closed list of which any may apply, separated by commas. */
export const wordsParameter = (words: readonly string[], description: string) =>
  z
    .string()
    .max(LONGEST_LIST, `must have at most ${LONGEST_LIST} characters`)
    .check(({ value, issues }) => {
      const wrong = value.split(',').find((word) => !words.includes(word));
      if (wrong === undefined) return;
      const message = `must be one of ${words.join(', ')}.${didYouMean(wrong, words)}`;
      issues.push({ code: 'custom', message, input: value });
    })
    .optional()
    .meta({ description: `${description} Several, separated by commas: any of them.` });

/** A name, or several of which any may apply. */
export const anyNameParameter = (description: string) =>
  z
    .string()
    .max(LONGEST_LIST, `must have at most ${LONGEST_LIST} characters`)
    .optional()
    .meta({ description: `${description} Several, separated by commas: any of them.` });

interface WholeNumbers {
  readonly least: number;
  readonly most: number;
  readonly otherwise: number;
}

/** A whole number within bounds, both included. */
export function wholeNumberParameter({ least, most, otherwise }: WholeNumbers, description: string) {
  const message = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(new RegExp(`^\\d{1,${String(most).length}}$`), message)
    .transform(Number)
    .refine((number) => number >= least && number <= most, message)
    .default(otherwise)
    .meta({ description });
}

const limitParameter = wholeNumberParameter(
  { least: 1, most: HIGHEST_LIMIT, otherwise: DEFAULT_LIMIT },
  'Maximum number of items per page. A page with a `next` may have fewer, even none.',
);

const cursorParameter = z
  .string()
  .transform((text, context) => {
    const cursor = readCursor(text);
    if (cursor !== undefined) return cursor;
    context.issues.push({ code: 'custom', message: 'must be the `next` of an earlier answer', input: text });
    return z.NEVER;
  })
  .optional()
  .meta({ description: 'The `next` of the previous page. It carries the coordinate of the first page.' });

const atLeastParameter = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a position of the log, a whole number')
  .transform((text) => position(Number(text)))
  .optional()
  .meta({
    description:
      'Answer only when the read models have reached this position of the log; 503 if they do not within 5 s.',
  });

/** Asks for the counts of what the coordinate hides. */
export const hiddenParameter = switchParameter(
  'Add `hidden`: how many events the coordinate hides, and how many of those shown read otherwise today.',
);

/** Asks for the proof of an answer about one policy. */
export const proofParameter = switchParameter(
  'Add `proof`: all entries of the policy, from which the answer follows, with the proof that there are no others. Only for one policy, without a search.',
);

const MOST_LEFT_OUT = 50;

const LEFT_OUT = /^(event|source):(.+)$/;

/** Asks what an answer would be without some events, or sources. */
export const withoutParameter = z
  .string()
  .transform((text, context) => {
    const parts = [...new Set(text.split(','))];
    const leftOut = parts.flatMap((part): readonly LeftOut[] => {
      const [, kind, id = ''] = LEFT_OUT.exec(part) ?? [];
      return kind === 'event' || kind === 'source' ? [{ kind, id }] : [];
    });
    const message =
      leftOut.length < parts.length
        ? 'must be event:KEY or source:ID, several separated by commas'
        : leftOut.length > MOST_LEFT_OUT
          ? `must name at most ${MOST_LEFT_OUT} events and sources`
          : undefined;
    if (message === undefined) return leftOut;
    context.issues.push({ code: 'custom', message, input: text });
    return z.NEVER;
  })
  .optional()
  .meta({
    description: `Answer as if these had never been recorded: \`event:KEY\`, or \`source:ID\` for all that rests on a source alone; at most ${MOST_LEFT_OUT}, separated by commas. The answer is marked \`hypothetical\`; it has no proof and cannot be cited.`,
  });

/** The parameters of every read. */
export const readParameters = { ...coordinateParameters, atLeast: atLeastParameter };

/** The parameters by which a list is read page by page. */
export const pageParameters = { ...readParameters, limit: limitParameter, cursor: cursorParameter };

const shapeParameter = choiceParameter(
  ['page', 'array'],
  'The page with its coordinate (`page`), or a bare array of its rows (`array`): then only the header `Link` leads to the next page.',
);

const flagParameter = (description: string) =>
  z
    .enum(['1', '0', 'true', 'false'], 'must be 1 or 0')
    .default('0')
    .transform((text) => text === '1' || text === 'true')
    .meta({ description });

/** The parameters of every answer that is also a table. */
export const tableParameters = {
  columns: namesParameter('Names of the columns to show, separated by commas, in this order. Default: all.'),
  bom: flagParameter('In CSV: begin with a byte order mark, by which Excel knows UTF-8.'),
  excel: flagParameter('In CSV: texts that Excel would take for formulas get an apostrophe before them.'),
};

const longTableParameter = z.string().optional().meta({
  description:
    'In files: another table of the same list, with a row for each entry of a list in its items, such as `event_actors` of events.',
});

/** The parameters of every read of a list. */
export const listParameters = {
  ...pageParameters,
  shape: shapeParameter,
  ...tableParameters,
  table: longTableParameter,
};
