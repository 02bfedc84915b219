import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Pool } from 'pg';
import { settleSetting, readSetting } from '#event-log';
import { errorCodeOf } from '#postgres';
import { CannotStart } from '#runtime';
import { parseSecretKey, secretKeyText } from '../notes/note-keys.js';
import type { SignerKey } from '../notes/signed-note.js';
import type { VerifierKey } from '../notes/verifier-key.js';

/** The key that signs a log's checkpoints, as this process has it. */
export interface AuditKey {
  /** Absent where the key is kept elsewhere: this process then signs nothing. */
  readonly signer?: SignerKey;
  /** The verifier key, the log's for ever. */
  readonly vkey: string;
}

/** The place where the key is kept. */
export interface KeyPlace {
  readonly file: string;
  /** True when the file was named; then it must not be missing once the log has a key. */
  readonly isNamed: boolean;
  /** Called with a sentence that an operator should know. */
  readonly onWarning: (message: string) => void;
}

const SETTING = 'audit-key';
const KEY_BYTES = 32;
const NAME_BYTES = 4;
const OWNER_ONLY = 0o600;
const OTHERS = 0o077;

/**
 * Opens the key of a log; makes it, readable by its owner alone, when the log has none yet.
 *
 * A log has one key for ever: its first is noted in the database, its secret is not. Throws {@link CannotStart} for a
 * file that holds another key, or none that can be read.
 */
export async function openAuditKey(pool: Pool, place: KeyPlace): Promise<AuditKey> {
  const settled = await readSetting(pool, SETTING);
  const found = await readKey(place);
  if (found) return confirmKey(pool, found, place);
  if (settled === undefined) return makeKey(pool, place);
  const missing = `The log's checkpoints are signed with ${settled}, and its key is not in ${place.file}.`;
  if (place.isNamed) throw new CannotStart(`${missing} Put the key file there, or set AUDIT_KEY_FILE to it.`);
  place.onWarning(`${missing} This process signs nothing: set AUDIT_KEY_FILE to the key file.`);
  return { vkey: settled };
}

/**
 * Reads the public part of the key in a key file; undefined where there is no file. Throws {@link CannotStart} for a
 * file that holds no key.
 */
export async function readVerifierKey(file: string): Promise<VerifierKey | undefined> {
  return (await readKey({ file, isNamed: true, onWarning: () => undefined }))?.verifier;
}

async function confirmKey(pool: Pool, signer: SignerKey, { file }: KeyPlace): Promise<AuditKey> {
  const { text } = signer.verifier;
  const settled = await settleSetting(pool, SETTING, text);
  if (settled === text) return { signer, vkey: settled };
  throw new CannotStart(
    `The log's checkpoints are signed with ${settled}; ${file} holds the key of ${text}. Set AUDIT_KEY_FILE to the right file: a log has one key for ever.`,
  );
}

async function makeKey(pool: Pool, place: KeyPlace): Promise<AuditKey> {
  const text = `${secretKeyText(`policy-timeline/${randomBytes(NAME_BYTES).toString('hex')}`, randomBytes(KEY_BYTES))}\n`;
  const isMine = await createFile(place.file, text);
  const signer = await readKey(place);
  if (!signer) throw new CannotStart(`The key file ${place.file} was there a moment ago and is not any more.`);
  const settled = await settleSetting(pool, SETTING, signer.verifier.text);
  if (settled === signer.verifier.text) return { signer, vkey: settled };
  // Another process was first, elsewhere: a key that signs nothing would only be in the way.
  if (isMine) await rm(place.file);
  return openAuditKey(pool, place);
}

/** Writes a file that appears whole or not at all; false when there is one already. */
async function createFile(file: string, text: string): Promise<boolean> {
  const draft = join(dirname(file), `.${randomUUID()}`);
  try {
    await mkdir(dirname(file), { recursive: true });
    const handle = await open(draft, 'wx', OWNER_ONLY);
    await handle.writeFile(text);
    await handle.sync();
    await handle.close();
    await chmod(draft, OWNER_ONLY);
    await link(draft, file);
    return true;
  } catch (error) {
    if (errorCodeOf(error) === 'EEXIST') return false;
    throw new CannotStart(`The audit's key cannot be written to ${file}: ${messageOf(error)}`);
  } finally {
    await rm(draft, { force: true });
  }
}

async function readKey({ file, onWarning }: KeyPlace): Promise<SignerKey | undefined> {
  const text = await readKeyText(file);
  if (text === undefined) return undefined;
  const { mode } = await stat(file);
  if ((mode & OTHERS) !== 0) onWarning(`Others may read the audit's key: chmod 600 ${file}`);
  const key = parseSecretKey(text);
  if (key.ok) return key.value;
  throw new CannotStart(`${file} holds no key to sign checkpoints with. ${key.message}`);
}

async function readKeyText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return undefined;
    throw new CannotStart(`The audit's key cannot be read from ${file}: ${messageOf(error)}`);
  }
}

const messageOf = (error: unknown): string => String(error).replace(/^Error: /, '');
