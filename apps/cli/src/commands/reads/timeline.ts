import { Option } from 'commander';
import type { DefineCommand } from '../../define-command.js';
import { EXIT } from '../../exit-code.js';
import { POINT_HELP } from '../../points/point.js';
import { type PointOptions, addPointOptions, readPoint } from '../../points/options.js';
import { showValue } from '../../render/cells.js';
import { formOfTable } from '../../render/form.js';
import { type TextOf, renderRows, tableText } from '../../render/rows.js';
import { readPages } from '../../service/pages.js';
import { type AskOptions, addAskOptions, askService } from '../ask-service.js';

interface Options extends AskOptions, PointOptions {
  readonly order?: string;
  readonly scope?: string;
  readonly type?: string;
  readonly actor?: string;
  readonly query?: string;
  readonly records?: boolean;
  readonly retracted?: boolean;
  readonly oneline?: boolean;
}

export const defineTimeline: DefineCommand = (command, terminal, done) => {
  command
    .argument('<policy>', 'slug or alias of a policy')
    .argument('[point]', POINT_HELP, 'now')
    .addOption(new Option('--order <order>', 'order of the events').choices(['occurred', 'published', 'recorded']))
    .addOption(
      new Option('--scope <scope>', 'events about the policy, or also those that concern it').choices([
        'primary',
        'any',
      ]),
    )
    .option('--type <types>', 'types of events, separated by commas')
    .option('--actor <names>', 'exact names of actors, separated by commas')
    .option('-q, --query <words>', 'words that must all occur')
    .option('--records', 'also events about records and sources')
    .option('--retracted', 'also retracted events')
    .option('--oneline', 'one line an event')
    .action(async (policy: string, point: string, options: Options) =>
      done(
        await askService(terminal, options, async (service, output) => {
          const { order, scope, type, actor, query: q, records, retracted, oneline } = options;
          const query = {
            ...(await readPoint(service, point, options)),
            order,
            scope,
            type,
            actor,
            q,
            ...(records ? { records: 'true' } : {}),
            ...(retracted ? { retracted: 'true' } : {}),
          };
          const pages = readPages(service, `/v1/policies/${encodeURIComponent(policy)}/timeline`, query);
          const lines = oneline ? ONE_LINE : eventText;
          await renderRows({ pages, form: () => formOfTable(service, 'events'), lines, empty: 'No events.' }, output);
          return EXIT.ok;
        }),
      ),
    );
  addAskOptions(addPointOptions(command));
};

const ONE_LINE: TextOf = (rows, paint) => tableText(['occurred', 'key', 'summary'])(rows, paint, true).slice(1);

const eventText: TextOf = (rows, paint) =>
  rows.flatMap((row) => {
    const { key, type, occurred, publishedAt, position, summary } = row;
    return [
      `${showValue(key)} ${paint('dim', `(${showValue(type)})`)}`,
      paint(
        'dim',
        `  occurred ${showValue(occurred)}, published ${showValue(publishedAt)}, recorded @${showValue(position)}`,
      ),
      `  ${showValue(summary) || showValue(row['reason'])}`,
      '',
    ];
  });
