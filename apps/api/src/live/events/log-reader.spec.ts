import { describe, expect, it } from '@jest/globals';
import { type LogEntry, createMemoryEventLog } from '#event-log';
import { goldenExamples } from '../../../../../test/support/events/golden-examples.js';
import { canonicalJson } from '#event-log/canonical';
import { EventBatch } from './event-subscriber.js';
import { ReadEntry } from './log-reader.js';

const [RECORDER, EVERY_READER] = [{ namesRecorders: true }, { namesRecorders: false }];

/** Examples of the first form and the second, a registration among them, as a log holds them. */
async function entries(): Promise<readonly LogEntry[]> {
  const log = createMemoryEventLog(() => Date.parse('2026-11-30T22:00:00Z'));
  for (const { entry } of [...goldenExamples.slice(0, 3), ...goldenExamples.slice(-4)]) {
    const { id, key, type, by } = entry;
    const event = { id, key, type, body: canonicalJson(entry.body), ...(by === undefined ? {} : { by }) };
    await log.append({ stream: entry.stream, expected: 'any', events: [event] });
  }
  return log.readAll(0 as never, 100);
}

const dataIn = (frame: Buffer) => JSON.parse(/^data: (.*)$/m.exec(frame.toString())?.[1] ?? '{}').data;

describe('the messages of events on a stream', () => {
  it('say who recorded an event to whoever may know, and are otherwise the same', async () => {
    const found = await entries();
    expect(found.map(({ v }) => v)).toEqual([1, 1, 1, 2, 2, 2, 2]);
    for (const entry of found) {
      const read = new ReadEntry(entry);
      const { recordedBy, ...rest } = dataIn(read.frameFor(RECORDER));
      expect(recordedBy).toBe(entry.by);
      expect(rest).toEqual(dataIn(read.frameFor(EVERY_READER)));
    }
  });

  it('are sent together to each as to one alone', async () => {
    const batch = new EventBatch((await entries()).map((entry) => new ReadEntry(entry)));
    for (const reader of [EVERY_READER, RECORDER, EVERY_READER])
      expect(batch.framesFor(reader)).toEqual(Buffer.concat(batch.entries.map((one) => one.frameFor(reader))));
    expect(String(batch.framesFor(RECORDER))).toContain('recordedBy');
    expect(String(batch.framesFor(EVERY_READER))).not.toContain('recordedBy');
  });
});
