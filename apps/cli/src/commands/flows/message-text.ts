import { cellAt, showValue } from '../../render/cells.js';
import { csvLines, csvNames, formOf } from '../../render/form.js';
import type { Format } from '../../render/formats.js';
import type { LiveMessage } from '../../service/stream.js';

/** Writes the messages of a stream in one format. */
export interface MessageText {
  readonly beginning: string;
  readonly line: (message: LiveMessage) => string;
  readonly end: () => string;
}

const FORM = formOf(['id', 'event', 'policy', 'type', 'key', 'recordedAt', 'summary', 'data']);

/** Chooses how messages are written; `paint` dims what matters less. */
export function messageText(format: Format, paint: (text: string) => string): MessageText {
  let count = 0;
  switch (format) {
    case 'ndjson':
      return { beginning: '', line: (message) => `${JSON.stringify(message)}\n`, end: () => '' };
    case 'json':
      return {
        beginning: '[',
        line: (message) => `${count++ === 0 ? '\n' : ',\n'}${JSON.stringify(message)}`,
        end: () => '\n]\n',
      };
    case 'csv':
      return { beginning: csvNames(FORM), line: (message) => csvLines(FORM, [columnsOf(message)]), end: () => '' };
    case 'text':
      return { beginning: '', line: (message) => `${lineOf(columnsOf(message), paint)}\n`, end: () => '' };
  }
}

function columnsOf({ id, event, data }: LiveMessage): Readonly<Record<string, unknown>> {
  const message = { data };
  const at = (path: string): unknown => cellAt(message, `data.${path}`);
  return {
    id,
    event,
    policy: at('subject') ?? at('policy'),
    type: at('type'),
    key: at('data.key') ?? at('cause'),
    recordedAt: at('time'),
    summary: at('data.summary') ?? at('data.title'),
    data,
  };
}

function lineOf(row: Readonly<Record<string, unknown>>, paint: (text: string) => string): string {
  const shown = ['policy', 'type', 'key', 'summary'].map((name) => showValue(row[name])).filter((text) => text !== '');
  const what = row['event'] === 'event' ? '' : `${showValue(row['event'])} `;
  return `${paint(`@${showValue(row['id'])}`)} ${what}${shown.join('  ')}`;
}
