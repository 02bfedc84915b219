import { parseSecretKey } from '../notes/note-keys.js';
import { type ParseResult, read, unreadable } from '../primitives/parse-result.js';
import type { ReleasedTree } from '../notes/rollbacks.js';
import { writeAcceptance } from './acceptance.js';
import { Anchor } from './anchor.js';
import { readTextFile } from './locked-file.js';

/** An operator's word that the log need not continue the newest checkpoint, and where key and checkpoint are kept. */
export interface RollbackToAccept {
  readonly keyFile: string;
  readonly noteFile: string;
  /** A reader of the log must understand it without asking. */
  readonly reason: string;
  /** Milliseconds since 1970 UTC. */
  readonly now: number;
}

/**
 * Accepts, beside the key, that the log need not continue the newest checkpoint that was signed over it; answers which.
 *
 * Whoever signs takes it up within seconds, if the log indeed does not continue it: it is recorded in the log, and every
 * later checkpoint says so. Unreadable where there is no key or no checkpoint.
 */
export async function acceptRollback(accepting: RollbackToAccept): Promise<ParseResult<ReleasedTree>> {
  const { keyFile, noteFile, reason, now } = accepting;
  const secret = await readTextFile(keyFile);
  if (secret === undefined)
    return unreadable(`There is no key file ${keyFile}. Run this where the key is kept, with its AUDIT_KEY_FILE.`);
  const key = parseSecretKey(secret);
  if (!key.ok) return unreadable(`${keyFile} holds no key to sign checkpoints with. ${key.message}`);
  const newest = await new Anchor(noteFile, key.value.verifier).newest();
  if (!newest) return unreadable(`No checkpoint is kept in ${noteFile}: there is nothing to accept.`);
  const { size, root } = newest;
  await writeAcceptance(noteFile, { size, root, reason, acceptedAt: new Date(now).toISOString() });
  return read({ size, root });
}
