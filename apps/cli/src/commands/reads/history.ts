import { Option } from 'commander';
import type { DefineCommand } from '../../define-command.js';
import { EXIT } from '../../exit-code.js';
import { POINT_HELP } from '../../points/point.js';
import { type PointOptions, addPointOptions, readPoint } from '../../points/options.js';
import { cellAt, showValue } from '../../render/cells.js';
import { formOfTable } from '../../render/form.js';
import { type RowsView, renderRows, tableText } from '../../render/rows.js';
import { readPages } from '../../service/pages.js';
import type { Query, Service } from '../../service/service.js';
import { type AskOptions, addAskOptions, askService } from '../ask-service.js';

interface Options extends AskOptions, PointOptions {
  readonly at: string;
  readonly axis?: string;
  readonly uncertain?: boolean;
}

export const defineHistory: DefineCommand = (command, terminal, done) => {
  command
    .argument('<policy>', 'slug or alias of a policy')
    .argument('<field>', 'a field such as status or terms.price')
    .addOption(
      new Option('--axis <axis>', 'only along one time, at the point on the two others').choices([
        'known',
        'valid',
        'recorded',
      ]),
    )
    .option('--uncertain', 'also where a value may have held already')
    .option('--at <point>', POINT_HELP, 'now')
    .action(async (policy: string, field: string, options: Options) =>
      done(
        await askService(terminal, options, async (service, output) => {
          const coordinate = await readPoint(service, options.at, options);
          const { axis } = options;
          const view =
            axis === undefined
              ? boxesView(service, policy, {
                  ...coordinate,
                  field,
                  ...(options.uncertain ? { uncertain: 'true' } : {}),
                })
              : seriesView(service, policy, { ...coordinate, field, axis });
          await renderRows(view, output);
          return EXIT.ok;
        }),
      ),
    );
  addAskOptions(addPointOptions(command));
};

const EMPTY = 'The field never had a value.';

const boxesView = (service: Service, policy: string, query: Query): RowsView => ({
  pages: readPages(service, `/v1/policies/${encodeURIComponent(policy)}/history`, query),
  form: () => formOfTable(service, 'history'),
  lines: tableText([
    { name: 'value', show: ({ value }) => showValue(value) || 'nothing' },
    { name: 'recorded', show: (row) => stretch(row, 'recorded', '@') },
    { name: 'known', show: (row) => stretch(row, 'known') },
    { name: 'valid', show: (row) => stretch(row, 'valid') },
    'certainty',
    'event',
  ]),
  empty: EMPTY,
});

const seriesView = (service: Service, policy: string, query: Query): RowsView => ({
  pages: readPages(service, '/v1/series', { ...query, policy }),
  form: () => formOfTable(service, 'series'),
  lines: tableText(['from', 'to', 'value', 'event']),
  empty: EMPTY,
});

/** A stretch from and to, open at the end where nothing is said. */
const stretch = (row: Readonly<Record<string, unknown>>, name: string, sign = ''): string =>
  ['from', 'to']
    .map((end) => cellAt(row, `${name}.${end}`))
    .map((time) => (time === null || time === undefined ? '' : `${sign}${showValue(time)}`))
    .join('..');
