import { replayExport } from '#audit';
import { withStoredLog } from '#composition';
import { errorCodeOf, faultOf, isTransient } from '#postgres';
import { type ReplayComparison, type TableComparison, compareWithReplay } from '#projections';
import { CannotStart, readConfiguration, systemClock } from '#runtime';
import type { DefineCommand } from '../../define-command.js';
import { EXIT, type ExitCode, Failure } from '../../exit-code.js';
import { openFile } from '../../files.js';
import { ProgressLine } from '../../progress.js';
import { type DocumentView, renderDocument } from '../../render/document.js';
import { formOf } from '../../render/form.js';
import { type AnswerOutput, type OutputOptions, addOutputOptions, withOutput } from '../../render/formats.js';
import type { ListRow } from '../../service/pages.js';
import type { Terminal } from '../../terminal.js';
import { requireVerified } from './required-export.js';

export const defineReplay: DefineCommand = (command, terminal, done) => {
  command
    .argument('[file]', 'an export to replay in a scratch database; without it, the database of DATABASE_URL')
    .action(async (file: string | undefined, options: OutputOptions) => done(await replay(file, options, terminal)));
  addOutputOptions(command);
};

async function replay(file: string | undefined, options: OutputOptions, terminal: Terminal): Promise<ExitCode> {
  const progress = new ProgressLine(terminal, 'events');
  const comparison = await (
    file === undefined ? compareDatabase(terminal, progress) : compareExport(file, terminal, progress)
  ).catch(throwUnavailable);
  progress.end();
  await withOutput(terminal, options, (output) => renderDocument(viewOf(comparison), output));
  return comparison.isEqual ? EXIT.ok : EXIT.differs;
}

async function compareDatabase(terminal: Terminal, progress: ProgressLine): Promise<ReplayComparison> {
  const outcome = readConfiguration(terminal.env, process.cwd());
  if (!outcome.ok) throw new Failure(EXIT.usage, outcome.mistakes.join('\n'));
  const { databaseUrl: url } = outcome.configuration;
  if (url === undefined)
    throw new Failure(EXIT.usage, 'Set DATABASE_URL to the database to check, or give an export: ptl replay FILE.');
  return withStoredLog({ url, name: 'ptl-replay' }, async ({ pool, log }) => {
    const { position: of } = await log.head();
    return compareWithReplay({ pool, log, onProgress: (count) => progress.report({ count, of }) });
  });
}

async function compareExport(file: string, terminal: Terminal, progress: ProgressLine): Promise<ReplayComparison> {
  await requireVerified(file, terminal, { refused: 'it was not replayed' });
  return replayExport({
    chunks: (await openFile(file, terminal)).chunks,
    now: systemClock,
    onProgress: (_round, done) => progress.report(done),
  });
}

/** Codes of a database that lacks the schema or rights of this version. */
const NOT_PREPARED = new Set(['42501', '42P01', '3F000']);

/** Throws a failure if the database cannot be reached or used, which is not a difference. */
function throwUnavailable(error: unknown): never {
  if (error instanceof Failure) throw error;
  const isAway = isTransient(error) || faultOf(error) === 'cannot-connect';
  if (error instanceof CannotStart || isAway || NOT_PREPARED.has(errorCodeOf(error) ?? ''))
    throw new Failure(EXIT.unavailable, `The database cannot be used: ${messageOf(error)}`);
  throw error;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const viewOf = (comparison: ReplayComparison): DocumentView => ({
  document: comparison,
  form: formOf(['table', 'isEqual', 'rows', 'digest', 'replayedRows', 'replayedDigest', 'only', 'row']),
  rows: comparison.tables.flatMap(tableRows),
  lines: (paint) => linesOf(comparison, paint),
});

/** One row for a table, and one for each example of what differs in it. */
function tableRows({ table, isEqual, one, other, examples }: TableComparison): readonly ListRow[] {
  const compared = { table, isEqual, ...one, replayedRows: other.rows, replayedDigest: other.digest };
  return [compared, ...examples.map((example) => ({ table, isEqual, only: whereOnly(example), row: example.row }))];
}

function linesOf({ isEqual, position, tables }: ReplayComparison, paint: AnswerOutput['paint']): readonly string[] {
  const rows = tables.reduce((sum, { one }) => sum + one.rows, 0);
  const verdict = isEqual
    ? `${paint('green', 'equal')}: ${rows} rows in ${tables.length} tables follow from the log up to position ${position}`
    : `${paint('red', 'differs')} at position ${position}`;
  return [verdict, ...tables.flatMap((table) => tableLines(table, paint))];
}

function tableLines(
  { table, isEqual, one, other, examples }: TableComparison,
  paint: AnswerOutput['paint'],
): readonly string[] {
  if (isEqual) return [paint('dim', `  ${table}: ${one.rows} rows, digest ${one.digest}`)];
  return [
    `  ${table}: ${one.rows} rows, digest ${one.digest}; replayed ${other.rows} rows, digest ${other.digest}`,
    ...examples.map((example) => `    only ${whereOnly(example)}: ${example.row}`),
  ];
}

const whereOnly = ({ only }: TableComparison['examples'][number]): string => (only === 'one' ? 'in use' : 'replayed');
