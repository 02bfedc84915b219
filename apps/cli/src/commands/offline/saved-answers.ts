import { z } from 'zod';
import { EXIT, Failure } from '../../exit-code.js';
import { readText } from '../../files.js';
import { parseJsonText } from '../../parse-json.js';
import { showValue } from '../../render/cells.js';
import { renderDocument } from '../../render/document.js';
import { formOf } from '../../render/form.js';
import type { AnswerOutput } from '../../render/formats.js';
import { type ListRow, readPages } from '../../service/pages.js';
import type { Service } from '../../service/service.js';
import { type AnswerDifference, compareAnswers, firstDifferentLine } from './answer-comparison.js';
import { type OfflineAddress, parseOfflineAddress } from './offline-address.js';

/** An answer that was saved earlier, and the address that it answers. */
export interface SavedAnswer {
  readonly file: string;
  readonly address: OfflineAddress;
  readonly text: string;
}

const framed = z.looseObject({ permalink: z.string() });

/** Reads a saved answer; without an address it must have a permalink of its own. */
export async function readSaved(file: string, given: OfflineAddress | undefined): Promise<SavedAnswer> {
  const text = await readText(file);
  if (given !== undefined) return { file, address: given, text };
  const own = framed.safeParse(parseJsonText(text));
  if (own.success) return { file, address: parseOfflineAddress(withoutProof(own.data.permalink)), text };
  throw new Failure(
    EXIT.usage,
    `${file} does not say what it answers. Give its pinned address: ptl ask EXPORT ADDRESS --compare ${file}.`,
  );
}

/** The proof of an answer is verified by itself, so the answer is asked for without it. */
const withoutProof = (permalink: string): string =>
  permalink.replace(/([?&])proof=true(&|$)/, (_, before: string, after: string) => (after === '' ? '' : before));

/** What came of one comparison. `no-answer`: the export has none, for a reason that the message says. */
export interface ComparedAnswer {
  readonly file: string;
  readonly address: string;
  readonly outcome: 'equal' | 'differs' | 'no-answer';
  readonly differences: readonly AnswerDifference[];
  readonly erasable: number;
  readonly message: string | null;
}

/** Asks again for what was saved, and compares. */
export async function compareSaved(service: Service, { file, address, text }: SavedAnswer): Promise<ComparedAnswer> {
  const asked = { file, address: address.text };
  try {
    const { differences, erasable } = await compare(service, address, text);
    return { ...asked, outcome: differences.length === 0 ? 'equal' : 'differs', differences, erasable, message: null };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { ...asked, outcome: 'no-answer', differences: [], erasable: 0, message: error.message };
  }
}

const IS_TEXT = /[.](csv|ndjson)$/;

async function compare(service: Service, address: OfflineAddress, text: string) {
  const saved = IS_TEXT.test(address.path) ? undefined : parseJsonText(text);
  if (saved !== undefined) return compareAnswers(saved, await answerLike(saved, service, address));
  const response = await service.send(address.path, { query: address.query });
  const difference = firstDifferentLine(text, await response.text());
  return { differences: difference ? [difference] : [], erasable: 0 };
}

const wholeList = z.looseObject({ items: z.array(z.unknown()), next: z.never().optional() });

/** The answer of the export: a whole list where a whole one was saved, as ptl saves it; else what the address answers. */
async function answerLike(saved: unknown, service: Service, { path, query }: OfflineAddress): Promise<unknown> {
  if (!wholeList.safeParse(saved).success) return service.ask(path, z.unknown(), { query });
  const items: ListRow[] = [];
  let answer: ListRow = {};
  for await (const { frame, rows } of readPages(service, path, query)) {
    if (items.length === 0) answer = frame;
    items.push(...rows);
  }
  return { ...answer, items };
}

/** The most differences of one answer that are shown to people. */
const SHOWN = 10;

/** Writes what came of all comparisons; rows are one for each difference, or one for an answer without any. */
export const renderComparisons = (compared: readonly ComparedAnswer[], output: AnswerOutput): Promise<void> =>
  renderDocument(
    {
      document: { answers: compared.map((one) => ({ ...one, differences: one.differences.map(withNulls) })) },
      form: formOf(['file', 'address', 'outcome', 'pointer', 'saved', 'made', 'erasable', 'message']),
      rows: compared.flatMap(rowsOf),
      lines: (paint) => compared.flatMap((one) => linesOf(one, paint)),
    },
    output,
  );

const withNulls = ({ pointer, saved, made }: AnswerDifference) => ({
  pointer,
  saved: saved ?? null,
  made: made ?? null,
});

function rowsOf({ differences, ...one }: ComparedAnswer): readonly ListRow[] {
  const places = differences.length === 0 ? [{ pointer: null, saved: null, made: null }] : differences.map(withNulls);
  return places.map((place) => ({ ...one, ...place }));
}

function linesOf(
  { file, address, outcome, differences, erasable, message }: ComparedAnswer,
  paint: AnswerOutput['paint'],
) {
  const verdict = { equal: 'equal', differs: 'differs', 'no-answer': 'no answer' }[outcome];
  const more = differences.length - SHOWN;
  return [
    `${paint(outcome === 'equal' ? 'green' : 'red', verdict)} ${file}: ${address}`,
    ...differences
      .slice(0, SHOWN)
      .map(({ pointer, saved, made }) => `  ${pointer}: saved ${shown(saved)}, from the export ${shown(made)}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...(erasable > 0
      ? [paint('dim', `  not compared: ${erasable} texts that can be erased, which no export has`)]
      : []),
    ...(message === null ? [] : [`  ${message}`]),
  ];
}

const shown = (value: unknown): string =>
  value === undefined ? 'nothing' : typeof value === 'string' ? JSON.stringify(value) : showValue(value);
