import type { z } from 'zod';
import { EXIT, type ExitCode } from '../../exit-code.js';
import { renderDocument } from '../../render/document.js';
import { formOf } from '../../render/form.js';
import { renderRows, tableText } from '../../render/rows.js';
import { readPages } from '../../service/pages.js';
import type { Terminal } from '../../terminal.js';
import { type AskOptions, askService } from '../ask-service.js';

/** What people hold to be let in by, as an operator lists and ends it: keys, or sessions. */
interface HeldThings {
  /** Below which they are listed, and ended by id. */
  readonly path: string;
  readonly columns: readonly string[];
  /** What one looks like at least. */
  readonly schema: z.ZodType<Readonly<Record<string, unknown>>>;
}

interface ListOfHeld extends HeldThings {
  readonly parameters?: Readonly<Record<string, string | undefined>>;
  /** What is said where there are none. */
  readonly empty: string;
}

interface EndOfHeld extends HeldThings {
  readonly id: string;
  /** The word for what has then happened to it. */
  readonly done: string;
}

/** Lists all of them. */
export function listHeld(
  terminal: Terminal,
  options: AskOptions,
  { path, columns, parameters = {}, empty }: ListOfHeld,
): Promise<ExitCode> {
  return askService(terminal, options, async (service, output) => {
    const view = {
      pages: readPages(service, path, { ...parameters, limit: undefined }),
      form: async () => formOf(columns),
      lines: tableText(columns),
      empty,
    };
    await renderRows(view, output);
    return EXIT.ok;
  });
}

/** Ends one of them. */
export function endHeld(
  terminal: Terminal,
  options: AskOptions,
  { path, columns, schema, id, done }: EndOfHeld,
): Promise<ExitCode> {
  return askService(terminal, options, async (service, output) => {
    const ended = await service.ask(`${path}/${encodeURIComponent(id)}`, schema, { method: 'DELETE' });
    await renderDocument(
      { document: ended, form: formOf(columns), rows: [ended], lines: () => [`${id}: ${done}`] },
      output,
    );
    return EXIT.ok;
  });
}
