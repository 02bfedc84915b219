import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { openCheckpoint, parseVerifierKey, readVerifierKey, type VerifierKey } from '#audit';
import { BackupFolder, type RestoreOutcome, restoreBackup, verifyBackup } from '#backup';
import { withLogToRestore } from '#composition';
import type { Configuration } from '#runtime';
import type { DefineCommand } from '../../define-command.js';
import { EXIT, type ExitCode, Failure } from '../../exit-code.js';
import { ProgressLine } from '../../progress.js';
import { renderDocument } from '../../render/document.js';
import { formOf } from '../../render/form.js';
import { type OutputOptions, addOutputOptions, withOutput } from '../../render/formats.js';
import type { Terminal } from '../../terminal.js';
import { readSettings, throwUnavailable } from './log-database.js';

interface Options extends OutputOptions {
  readonly key?: string;
  readonly dryRun?: boolean;
}

export const defineRestore: DefineCommand = (command, terminal, done) => {
  command
    .argument('<directory>', 'the directory of the backup')
    .option('--key <vkey>', 'the key that the log must be signed with, if its key file is not on this machine')
    .option('--dry-run', 'verify the backup and store nothing; needs no database')
    .action(async (directory: string, options: Options) => done(await restore(directory, options, terminal)));
  addOutputOptions(command);
};

/** A refusal's reasons that are no fault of the backup. */
const REJECTED = new Set(['not-empty', 'key-differs', 'newer-form']);

async function restore(directory: string, options: Options, terminal: Terminal): Promise<ExitCode> {
  const settings = readSettings(terminal);
  const files = new BackupFolder(resolve(directory));
  const outcome = await (options.dryRun ? dryRun(files, options) : store(files, options, { settings, terminal })).catch(
    (error: unknown) => throwUnavailable(error, { verb: 'restored', directory }),
  );
  if (outcome.outcome === 'refused') {
    const { reason, message } = outcome.fault;
    const code = reason === 'no-backup' ? EXIT.notFound : REJECTED.has(reason) ? EXIT.rejected : EXIT.differs;
    throw new Failure(code, `Nothing was restored. ${message}`);
  }
  const { position, root } = outcome;
  const verb = options.dryRun ? 'verified' : 'restored and verified';
  const document = { position, root, stored: !options.dryRun };
  const view = { document, form: formOf(['position', 'root', 'stored']), rows: [document] };
  await withOutput(terminal, options, (output) =>
    renderDocument({ ...view, lines: () => [`${verb}: ${position} entries, root ${root}`] }, output),
  );
  if (!options.dryRun) await tellNewer(outcome, settings, terminal);
  return EXIT.ok;
}

async function dryRun(files: BackupFolder, { key }: Options): Promise<RestoreOutcome> {
  const verified = await verifyBackup(files, key === undefined ? undefined : parseKey(key));
  if (verified.verdict === 'refused') return { outcome: 'refused', fault: verified.fault };
  return { outcome: 'restored', ...verified.backup.description };
}

interface RestoreContext {
  readonly settings: Configuration;
  readonly terminal: Terminal;
}

async function store(
  files: BackupFolder,
  options: Options,
  { settings, terminal }: RestoreContext,
): Promise<RestoreOutcome> {
  const key = options.key === undefined ? await readOwnKey(settings) : parseKey(options.key);
  const verified = await verifyBackup(files, key);
  // Before a database is made for it.
  if (verified.verdict === 'refused') return { outcome: 'refused', fault: verified.fault };
  const progress = new ProgressLine(terminal, 'entries');
  const outcome = await withLogToRestore(settings, (pool) =>
    restoreBackup({ pool, files, key, onProgress: (_round, done) => progress.report(done) }),
  );
  progress.end();
  return outcome;
}

function parseKey(text: string): VerifierKey {
  const key = parseVerifierKey(text);
  if (key.ok) return key.value;
  throw new Failure(EXIT.usage, `--key is not a verifier key. ${key.message}`);
}

async function readOwnKey({ auditKey: { file } }: Configuration): Promise<VerifierKey> {
  const key = await readVerifierKey(file);
  if (key) return key;
  throw new Failure(
    EXIT.notFound,
    `The key of the log is not in ${file}, and is in no backup: put its file there first (AUDIT_KEY_FILE names another place). To restore without it, so that nothing more is signed here, give the verifier key: --key VKEY.`,
  );
}

/** Tells that what was signed after the backup is missing, which stops the signing until it is accepted. */
async function tellNewer(
  { position }: { readonly position: number },
  { auditKey: { file, noteFile } }: Configuration,
  terminal: Terminal,
): Promise<void> {
  const key = await readVerifierKey(file);
  const note = await readFile(noteFile, 'utf8').catch(() => undefined);
  const kept = key && note !== undefined ? openCheckpoint(note, key) : undefined;
  if (kept?.ok && kept.value.size > position)
    terminal.stderr.write(
      `${kept.value.size - position} entries after position ${position} were signed and are not in the backup. Nothing is signed until an operator accepts that: npx ptl audit accept-rollback --reason "…" (docs/audit.md).\n`,
    );
}
