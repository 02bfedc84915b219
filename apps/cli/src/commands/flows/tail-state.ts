import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { EXIT, Failure } from '../../exit-code.js';
import { parseJsonText } from '../../parse-json.js';
import { throwUnwritable } from '../../render/sink.js';
import type { Query } from '../../service/service.js';

const stateSchema = z.object({
  id: z.string(),
  query: z.record(z.string(), z.string()),
  bytes: z.int().optional(),
});

/** Where a tail is: the id of the last message written, and the length of the file it was written to. */
export interface TailState {
  readonly id: string;
  readonly query: Query;
  readonly bytes: number | undefined;
}

/** Reads the state of an earlier run; undefined if there was none. Throws a {@link Failure} for that of another tail. */
export async function readTailState(file: string, query: Query): Promise<TailState | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined || text === '') return undefined;
  const read = stateSchema.safeParse(parseJsonText(text));
  if (!read.success)
    throw new Failure(EXIT.usage, `${file} is not the state of a tail. Name another file, or remove it to begin anew.`);
  if (JSON.stringify(sorted(read.data.query)) !== JSON.stringify(sorted(query)))
    throw new Failure(
      EXIT.usage,
      `${file} is the state of a tail with other options (${Object.entries(read.data.query).flat().join(' ')}). Name another file.`,
    );
  return { bytes: undefined, ...read.data };
}

/** Replaces the state in one step: whoever reads it finds the old one or the new one. */
export async function writeTailState(file: string, state: TailState): Promise<void> {
  const beside = `${file}.${process.pid}.part`;
  try {
    await writeFile(beside, `${JSON.stringify(state)}\n`);
    await rename(beside, file);
  } catch (error) {
    throwUnwritable(file, error);
  }
}

const sorted = (query: Query): readonly (readonly [string, string | undefined])[] =>
  Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1));
