import type { DefineCommand } from '../../define-command.js';
import { EXIT, Failure } from '../../exit-code.js';
import { POINT_HELP } from '../../points/point.js';
import { type PointOptions, addPointOptions, readPoint } from '../../points/options.js';
import { alignColumns, showValue, widthsOf } from '../../render/cells.js';
import { formOf } from '../../render/form.js';
import { type DocumentView, renderDocument } from '../../render/document.js';
import type { ListRow } from '../../service/pages.js';
import { type AskOptions, addAskOptions, askService } from '../ask-service.js';
import { type ShownPolicy, fieldsOf, policyStateSchema, valueColumns } from './state.js';

interface Options extends AskOptions, PointOptions {
  readonly at: string;
}

export const defineBlame: DefineCommand = (command, terminal, done) => {
  command
    .argument('<policy>', 'slug or alias of a policy')
    .argument('[field]', 'a field such as status or terms.price, or the first part of its path; default: all')
    .option('--at <point>', POINT_HELP, 'now')
    .action(async (policy: string, field: string | undefined, options: Options) =>
      done(
        await askService(terminal, options, async (service, output) => {
          const query = { ...(await readPoint(service, options.at, options)), explain: 'true' };
          const answer = await service.ask(`/v1/policies/${encodeURIComponent(policy)}`, policyStateSchema, { query });
          await renderDocument(viewOf(answer, field), output);
          return EXIT.ok;
        }),
      ),
    );
  addAskOptions(addPointOptions(command));
};

function viewOf(answer: ShownPolicy, wanted: string | undefined): DocumentView {
  const { policy, coordinate, permalink } = answer;
  const rows = blameRows(answer).filter(({ field }) => isWithin(String(field), wanted));
  if (wanted !== undefined && rows.length === 0)
    throw new Failure(
      EXIT.notFound,
      `${policy} has no field ${JSON.stringify(wanted)} at this point. ${fieldsThere(answer)}`,
    );
  return {
    document: { policy, coordinate, items: rows, permalink },
    frame: answer,
    form: formOf([
      'policy',
      'field',
      'valueText',
      'valueNumber',
      'unit',
      'value',
      'event',
      'occurred',
      'publishedAt',
      'position',
      'replaced',
      'correctedBy',
      'sources',
    ]),
    rows,
    lines: (paint) => {
      const cells = rows.map((row) => ['event', 'publishedAt', 'field', 'value'].map((name) => showValue(row[name])));
      return alignColumns(cells, widthsOf(cells)).map((line, index) =>
        line.replace(String(rows[index]?.['event']), (event) => paint('dim', event)),
      );
    },
  };
}

function blameRows({ policy, state, blame = {} }: ShownPolicy): readonly ListRow[] {
  return [...fieldsOf(state)].flatMap(([field, value]) => {
    const reason = blame[field];
    if (!reason) return [];
    const { event, occurred, publishedAt, position, replaced, correctedBy, sources } = reason;
    return [
      { policy, field, ...valueColumns(value), event, occurred, publishedAt, position, replaced, correctedBy, sources },
    ];
  });
}

const isWithin = (field: string, wanted: string | undefined): boolean =>
  wanted === undefined || field === wanted || field.startsWith(`${wanted}.`);

function fieldsThere({ state }: ShownPolicy): string {
  const fields = [...fieldsOf(state)].map(([field]) => field);
  return fields.length === 0 ? 'It has none.' : `It has ${fields.join(', ')}.`;
}
