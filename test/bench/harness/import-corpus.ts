import { randomBytes } from 'node:crypto';
import { instant } from '#domain';
import type { EventLog } from '#event-log';
import { type RecordingNeeds, createRecording } from '#recording';

const LINES_A_CHUNK = 500;

/** What recording needs to write to a log here. */
export const recordingNeeds = (log: EventLog): RecordingNeeds => ({
  log,
  zone: 'Europe/London',
  now: () => instant(Date.now()),
  newSalt: () => randomBytes(16).toString('base64'),
  onAcknowledged: () => undefined,
});

/** Imports lines into a log; throws when one is rejected. */
export async function importCorpusLines(log: EventLog, lines: Iterable<string>): Promise<void> {
  const options = { dryRun: false, atomic: false };
  for await (const answer of createRecording(recordingNeeds(log)).imports.import(chunksOf(lines), options))
    if ('result' in answer && answer.result === 'rejected') throw new Error(JSON.stringify(answer));
}

async function* chunksOf(lines: Iterable<string>): AsyncGenerator<Buffer> {
  let chunk: string[] = [];
  for (const line of lines) {
    chunk.push(line);
    if (chunk.length < LINES_A_CHUNK) continue;
    yield Buffer.from(`${chunk.join('\n')}\n`);
    chunk = [];
  }
  yield Buffer.from(chunk.join('\n'));
}
