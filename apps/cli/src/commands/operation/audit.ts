import { acceptRollback } from '#audit';
import { readConfiguration, systemClock } from '#runtime';
import type { DefineCommand } from '../../define-command.js';
import { EXIT, type ExitCode, Failure } from '../../exit-code.js';
import { renderDocument } from '../../render/document.js';
import { formOf } from '../../render/form.js';
import { type OutputOptions, addOutputOptions, withOutput } from '../../render/formats.js';
import type { Terminal } from '../../terminal.js';

export const defineAudit: DefineCommand = (command, terminal, done) => {
  const accepting = command
    .command('accept-rollback')
    .description(
      'Let signing continue although the log is not consistent with the newest checkpoint; recorded in the log for ever',
    )
    .requiredOption('--reason <text>', 'why; must be clear to anyone who reads the log later')
    .action(async (options: Options) => done(await accept(options, terminal)));
  addOutputOptions(accepting);
};

interface Options extends OutputOptions {
  readonly reason: string;
}

const REASON_LIMIT = 10_000;

async function accept({ reason, ...options }: Options, terminal: Terminal): Promise<ExitCode> {
  if (reason.trim() === '' || reason.length > REASON_LIMIT)
    throw new Failure(EXIT.usage, `--reason: write between 1 and ${REASON_LIMIT} characters.`);
  const read = readConfiguration(terminal.env, process.cwd());
  if (!read.ok) throw new Failure(EXIT.usage, read.mistakes.join('\n'));
  const { file: keyFile, noteFile } = read.configuration.auditKey;
  const outcome = await acceptRollback({ keyFile, noteFile, reason, now: systemClock() });
  if (!outcome.ok) throw new Failure(EXIT.notFound, outcome.message);
  const { size } = outcome.value;
  const line = `accepted: the log no longer has to be consistent with the checkpoint over ${size} entries`;
  const view = { document: { accepted: true, size, reason }, form: formOf(['accepted', 'size', 'reason']) };
  await withOutput(terminal, options, (output) =>
    renderDocument({ ...view, rows: [view.document], lines: () => [line] }, output),
  );
  terminal.stderr.write(
    'The process that signs acts on this within seconds, if the log is indeed not consistent with it, and records it in the log. GET /readyz shows whether it signs again.\n',
  );
  return EXIT.ok;
}
