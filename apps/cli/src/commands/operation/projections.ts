import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { DefineCommand } from '../../define-command.js';
import { EXIT, type ExitCode, Failure } from '../../exit-code.js';
import { ProgressLine } from '../../progress.js';
import { renderDocument } from '../../render/document.js';
import { formOf } from '../../render/form.js';
import { renderRows, tableText } from '../../render/rows.js';
import { readPages } from '../../service/pages.js';
import type { Service } from '../../service/service.js';
import type { Terminal } from '../../terminal.js';
import { type AskOptions, addAskOptions, askService } from '../ask-service.js';

interface Options extends AskOptions {
  readonly wait: boolean;
}

const COLUMNS = ['name', 'version', 'position', 'lagEvents', 'lagMs', 'state', 'lastError', 'rebuild', 'setAside'];

const statusSchema = z.looseObject({
  name: z.string(),
  state: z.string(),
  rebuild: z
    .looseObject({ state: z.string(), eventsDone: z.int(), eventsToDo: z.int(), error: z.string().nullable() })
    .nullable(),
});

/** See the schema. */
type Status = z.output<typeof statusSchema>;

const statusList = z.object({ items: z.array(statusSchema) });

export const defineProjections: DefineCommand = (command, terminal, done) => {
  const list = command
    .command('list')
    .description('list the read models and how far each has come')
    .action(async (options: AskOptions) =>
      done(
        await askService(terminal, options, async (service, output) => {
          const view = {
            pages: readPages(service, '/v1/projections', { limit: undefined }),
            form: async () => formOf(COLUMNS),
            lines: tableText([
              'name',
              'state',
              'position',
              { name: 'behind', show: ({ lagEvents }) => String(lagEvents) },
              'lastError',
            ]),
            empty: 'No read models.',
          };
          await renderRows(view, output);
          return EXIT.ok;
        }),
      ),
    );
  const rebuild = command
    .command('rebuild')
    .description('rebuild a read model beside the one in use, and switch to it; nothing else is changed')
    .argument('<name>', 'name of a read model; ptl projections list lists them')
    .option('--no-wait', 'start it and end')
    .action(async (name: string, options: Options) => done(await rebuildOne(name, options, terminal)));
  for (const each of [list, rebuild]) addAskOptions(each);
};

function rebuildOne(name: string, options: Options, terminal: Terminal): Promise<ExitCode> {
  return askService(terminal, options, async (service, output) => {
    const path = `/v1/projections/${encodeURIComponent(name)}/rebuild`;
    const started = await service.ask(path, statusSchema, { method: 'POST' });
    const status = options.wait ? await waitForRebuild(service, started, terminal) : started;
    await renderDocument(
      {
        document: status,
        form: formOf(COLUMNS),
        rows: [status],
        lines: () => [`${name}: ${status.rebuild?.state ?? 'no rebuild'}`],
      },
      output,
    );
    if (status.rebuild?.state !== 'failed') return EXIT.ok;
    throw new Failure(
      EXIT.unavailable,
      `The rebuild of ${name} failed: ${status.rebuild.error ?? 'for an unknown reason'}`,
    );
  });
}

const LOOK_MS = 200;
const FINISHED = ['done', 'failed', 'cancelled'];

async function waitForRebuild(service: Service, started: Status, terminal: Terminal): Promise<Status> {
  const progress = new ProgressLine(terminal, 'events');
  let status = started;
  while (status.rebuild && !FINISHED.includes(status.rebuild.state)) {
    await delay(LOOK_MS);
    progress.report({ count: status.rebuild.eventsDone, of: status.rebuild.eventsToDo });
    const { items } = await service.ask('/v1/projections', statusList);
    status = items.find(({ name }) => name === started.name) ?? status;
  }
  progress.end();
  return status;
}
