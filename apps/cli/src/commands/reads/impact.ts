import { z } from 'zod';
import type { DefineCommand } from '../../define-command.js';
import { EXIT, Failure } from '../../exit-code.js';
import { POINT_HELP } from '../../points/point.js';
import { type PointOptions, addPointOptions, readPoint } from '../../points/options.js';
import { alignColumns, showValue, widthsOf } from '../../render/cells.js';
import { type DocumentView, renderDocument } from '../../render/document.js';
import { formOf } from '../../render/form.js';
import { type AskOptions, addAskOptions, askService } from '../ask-service.js';

const impactSchema = z.looseObject({
  of: z.object({ kind: z.string(), id: z.string() }),
  falls: z.array(z.string()),
  rests: z.array(z.object({ event: z.string(), summary: z.string(), depth: z.number() })),
  changed: z.array(
    z.object({ policy: z.string(), field: z.string(), with: z.unknown(), without: z.unknown(), why: z.string() }),
  ),
  promises: z.array(z.object({ promise: z.string(), with: z.string().nullable(), without: z.string().nullable() })),
  conflictsResolved: z.array(z.array(z.string())),
  citations: z.array(z.object({ id: z.string(), title: z.string(), why: z.string() })).optional(),
});

/** What rests on a thing, as far as it is shown. */
type ShownImpact = Readonly<z.output<typeof impactSchema>>;

const OTHER_THINGS = ['source', 'actor', 'correction'] as const;

interface Options extends AskOptions, PointOptions {
  readonly at: string;
  readonly depth?: string;
  readonly source?: string;
  readonly actor?: string;
  readonly correction?: string;
}

/** Defines the command that says what rests on a thing, and what would read otherwise without it. */
export const defineImpact: DefineCommand = (command, terminal, done) => {
  command
    .argument('[event]', 'key of an event')
    .option('--source <id>', 'a source instead, by its id in the list of sources')
    .option('--actor <name>', 'an actor instead, by the exact name')
    .option('--correction <key>', 'a correction, a retraction or a record of a source instead')
    .option('--depth <count>', 'how many links away events are listed at most')
    .option('--at <point>', POINT_HELP, 'now')
    .action(async (event: string | undefined, options: Options) =>
      done(
        await askService(terminal, options, async (service, output) => {
          const of = thingIn(event, options);
          const query = { ...(await readPoint(service, options.at, options)), ...of, depth: options.depth };
          await renderDocument(viewOf(await service.ask('/v1/impact', impactSchema, { query })), output);
          return EXIT.ok;
        }),
      ),
    );
  addAskOptions(addPointOptions(command));
};

function thingIn(event: string | undefined, options: Options): Readonly<Record<string, string>> {
  const given = [
    ...(event === undefined ? [] : [['event', event] as const]),
    ...OTHER_THINGS.flatMap((kind) => {
      const id = options[kind];
      return id === undefined ? [] : [[kind, id] as const];
    }),
  ];
  if (given.length !== 1)
    throw new Failure(EXIT.usage, 'Name one thing: the key of an event, or --source, --actor or --correction.');
  return Object.fromEntries(given);
}

const viewOf = (impact: ShownImpact): DocumentView => ({
  document: impact,
  frame: impact,
  form: formOf(['policy', 'field', 'with', 'without', 'why']),
  rows: impact.changed,
  lines: (paint) => {
    const { falls, rests, changed, promises, conflictsResolved, citations = [] } = impact;
    const resting = rests.map(({ depth, event, summary }) => [String(depth), event, summary]);
    return [
      ...falls.map((key) => paint('red', `- event ${key}`)),
      ...changed.flatMap(({ policy, field, with: held, without, why }) => [
        `${policy} ${field}`,
        ...(held === null ? [] : [paint('red', `  - ${showValue(held)}`)]),
        ...(without === null ? [] : [paint('green', `  + ${showValue(without)}`)]),
        paint('dim', `    ${why}`),
      ]),
      ...promises.map(
        ({ promise, with: held, without }) => `promise ${promise}: ${held ?? 'not there'} → ${without ?? 'not there'}`,
      ),
      ...conflictsResolved.map((pair) => `no conflict between ${pair.join(' and ')}`),
      ...citations.map(({ id, title, why }) => `citation /c/${id}, ${title}: ${why}`),
      ...alignColumns([['links away', 'event', 'summary']], widthsOf([['links away', 'event', ''], ...resting])).map(
        (line) => paint('dim', line),
      ),
      ...alignColumns(resting, widthsOf([['links away', 'event', ''], ...resting])),
    ];
  },
});
