import { rm } from 'node:fs/promises';
import { z } from 'zod';
import type { ReleasedTree } from '../notes/rollbacks.js';
import { readTextFile, writeDurably } from './locked-file.js';

/**
 * An operator's word, left beside the key, that the log need not continue one tree that was signed.
 *
 * It is given there, and not in the database, since whoever can write the database could give it for themselves.
 */
export interface Acceptance extends ReleasedTree {
  readonly reason: string;
  /** RFC 3339 UTC. */
  readonly acceptedAt: string;
}

const schema = z.strictObject({
  size: z.int().min(0),
  root: z.base64(),
  reason: z.string().min(1),
  acceptedAt: z.iso.datetime(),
});

const fileBeside = (noteFile: string): string => `${noteFile}.rollback`;

/** The acceptance that was given and not taken up yet. Throws for a file that holds none. */
export async function readAcceptance(noteFile: string): Promise<Acceptance | undefined> {
  const text = await readTextFile(fileBeside(noteFile));
  return text === undefined ? undefined : schema.parse(JSON.parse(text));
}

/** Gives one. */
export const writeAcceptance = async (noteFile: string, acceptance: Acceptance): Promise<void> =>
  void (await writeDurably(fileBeside(noteFile), `${JSON.stringify(acceptance)}\n`));

/** Takes it away, once it was taken up or there was nothing to accept. */
export const clearAcceptance = (noteFile: string): Promise<void> => rm(fileBeside(noteFile), { force: true });
