import type { ListRow } from '../service/pages.js';
import { type TableForm, csvLines, csvNames, ndjsonLines } from './form.js';
import type { AnswerOutput } from './formats.js';

/** One answer to be written: as it is for `--json`, as rows for tables, as lines for people. */
export interface DocumentView {
  readonly document: unknown;
  readonly form: TableForm;
  readonly rows: readonly ListRow[];
  readonly lines: (paint: AnswerOutput['paint']) => readonly string[];
  /** Where its permalink is, if it has one. */
  readonly frame?: ListRow;
}

/** Writes one answer. */
export async function renderDocument(
  view: DocumentView,
  { sink, format, paint, tellPermalink }: AnswerOutput,
): Promise<void> {
  if (view.frame) tellPermalink(view.frame);
  await sink.write(textOf());

  function textOf(): string {
    switch (format) {
      case 'json':
        return `${JSON.stringify(view.document, null, 2)}\n`;
      case 'ndjson':
        return ndjsonLines(view.form, view.rows);
      case 'csv':
        return csvNames(view.form) + csvLines(view.form, view.rows);
      case 'text':
        return view
          .lines(paint)
          .map((line) => `${line}\n`)
          .join('');
    }
  }
}
