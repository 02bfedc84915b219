import { resolve } from 'node:path';
import { BackupFolder, type TakenBackup, takeBackup, verifyBackup } from '#backup';
import { withLogToBackUp } from '#composition';
import { systemClock } from '#runtime';
import type { DefineCommand } from '../../define-command.js';
import { EXIT, type ExitCode, Failure } from '../../exit-code.js';
import { ProgressLine } from '../../progress.js';
import { renderDocument } from '../../render/document.js';
import { formOf } from '../../render/form.js';
import { type OutputOptions, addOutputOptions, withOutput } from '../../render/formats.js';
import type { Terminal } from '../../terminal.js';
import { readSettings, throwUnavailable } from './log-database.js';

interface Options extends OutputOptions {
  readonly verify: boolean;
}

export const defineBackup: DefineCommand = (command, terminal, done) => {
  command
    .argument('<directory>', 'an empty directory, or one with an earlier backup of the same log')
    .option('--no-verify', 'do not read the whole backup again and verify it')
    .action(async (directory: string, options: Options) => done(await backUp(directory, options, terminal)));
  addOutputOptions(command);
};

const form = formOf(['position', 'root', 'vkey', 'unsigned', 'files.kept', 'files.written', 'files.bytes', 'verified']);

async function backUp(directory: string, { verify, ...options }: Options, terminal: Terminal): Promise<ExitCode> {
  const folder = new BackupFolder(resolve(directory));
  const taken = await take(folder, terminal).catch((error: unknown) =>
    throwUnavailable(error, { verb: 'taken', directory }),
  );
  if (verify) await requireWhole(folder, directory);
  const document = { ...taken, verified: verify };
  await withOutput(terminal, options, (output) =>
    renderDocument({ document, form, rows: [document], lines: () => [sentenceOf(taken, verify)] }, output),
  );
  if (taken.unsigned === 0) return EXIT.ok;
  terminal.stderr.write(
    `${taken.unsigned} entries after position ${taken.position} are not signed and not in this backup: let the service sign them (GET /readyz), then run this again.\n`,
  );
  return EXIT.differs;
}

async function take(folder: BackupFolder, terminal: Terminal): Promise<TakenBackup> {
  const progress = new ProgressLine(terminal, 'entries');
  const outcome = await withLogToBackUp(readSettings(terminal), (pool) =>
    takeBackup({ pool, folder, now: systemClock, onProgress: (done) => progress.report(done) }),
  );
  progress.end();
  if (outcome.outcome === 'taken') return outcome.taken;
  throw new Failure(EXIT.rejected, `No backup was taken. ${outcome.message}`);
}

async function requireWhole(folder: BackupFolder, directory: string): Promise<void> {
  const verified = await verifyBackup(folder);
  if (verified.verdict === 'verified') return;
  throw new Failure(
    EXIT.differs,
    `The backup in ${directory} does not verify. ${verified.fault.message} Take one into an empty directory; if it does not verify either, see docs/audit.md.`,
  );
}

function sentenceOf({ position, root, files: { kept, written, bytes } }: TakenBackup, isVerified: boolean): string {
  const files = `${written} files written (${bytes.toLocaleString('en')} bytes), ${kept} kept`;
  return `backed up${isVerified ? ' and verified' : ''}: ${position} entries, root ${root}; ${files}`;
}
