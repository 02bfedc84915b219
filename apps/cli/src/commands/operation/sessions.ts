import { z } from 'zod';
import type { DefineCommand } from '../../define-command.js';
import { EXIT, type ExitCode } from '../../exit-code.js';
import { renderDocument } from '../../render/document.js';
import { formOf } from '../../render/form.js';
import { renderRows, tableText } from '../../render/rows.js';
import { readPages } from '../../service/pages.js';
import type { Terminal } from '../../terminal.js';
import { type AskOptions, addAskOptions, askService } from '../ask-service.js';

interface ListOptions extends AskOptions {
  readonly principal?: string;
}

const COLUMNS = ['id', 'principal', 'role', 'createdAt', 'expiresAt'];

const sessionSchema = z.looseObject({ id: z.string() });

export const defineSessions: DefineCommand = (command, terminal, done) => {
  const list = command
    .command('list')
    .description('list who is signed in to the page: neither secrets nor names')
    .option('--principal <id>', 'only sessions of this holder')
    .action(async (options: ListOptions) => done(await listSessions(options, terminal)));
  const end = command
    .command('end')
    .description('end a session: it is refused at once, in every process')
    .argument('<id>', 'id of the session; ptl sessions list lists them')
    .action(async (id: string, options: AskOptions) => done(await endSession(id, options, terminal)));
  for (const each of [list, end]) addAskOptions(each);
};

function listSessions({ principal, ...options }: ListOptions, terminal: Terminal): Promise<ExitCode> {
  return askService(terminal, options, async (service, output) => {
    const view = {
      pages: readPages(service, '/v1/sessions', { principal, limit: undefined }),
      form: async () => formOf(COLUMNS),
      lines: tableText(COLUMNS),
      empty: 'Nobody is signed in.',
    };
    await renderRows(view, output);
    return EXIT.ok;
  });
}

function endSession(id: string, options: AskOptions, terminal: Terminal): Promise<ExitCode> {
  return askService(terminal, options, async (service, output) => {
    const ended = await service.ask(`/v1/sessions/${encodeURIComponent(id)}`, sessionSchema, { method: 'DELETE' });
    await renderDocument(
      { document: ended, form: formOf(COLUMNS), rows: [ended], lines: () => [`${id}: ended`] },
      output,
    );
    return EXIT.ok;
  });
}
