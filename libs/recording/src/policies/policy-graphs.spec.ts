import { describe, expect, it } from '@jest/globals';
import { type EventLog, createMemoryEventLog } from '#event-log';
import { PolicyGraphs } from './policy-graphs.js';

/** A log that counts the entries read from streams. */
function countedLog() {
  const log = createMemoryEventLog(() => 0);
  let entries = 0;
  const readStream: EventLog['readStream'] = async (stream, page) => {
    const read = await log.readStream(stream, page);
    entries += read.length;
    return read;
  };
  const append = async (policy: string, name: string, more: object = {}) => {
    const [key, type] = [`${policy}-${name}`, 'record.retracted'];
    const body = JSON.stringify({ key, type, policy, occurred: { edtf: '2024' }, ...more });
    await log.append({ stream: `policy-${policy}`, expected: 'any', events: [{ id: key, key, type, body }] });
  };
  const readBy = async (work: () => Promise<unknown>): Promise<number> => {
    const before = entries;
    await work();
    return entries - before;
  };
  return { readStream, append, readBy };
}

describe('graphs of policies', () => {
  it('read what is new in a stream alone, however many ask at once', async () => {
    const { readStream, append, readBy } = countedLog();
    const graphs = new PolicyGraphs({ readStream });
    for (let index = 0; index < 1_100; index += 1) await append('toll', `e${index}`);
    expect(await readBy(() => Promise.all([graphs.of('toll'), graphs.of('toll'), graphs.of('toll')]))).toBe(1_100);
    await append('toll', 'r', { target: 'toll-e7' });
    expect(await readBy(() => graphs.of('toll'))).toBe(1);
    expect(await readBy(() => graphs.of('toll'))).toBe(0);
    const { graph, revision } = await graphs.of('toll');
    expect([graph.size, graph.subjectOf('toll-r'), revision]).toEqual([1_101, 'toll-e7', 1_100]);
  });

  it('keep those that were asked for last, within a bound, and the last whatever its size', async () => {
    const { readStream, append, readBy } = countedLog();
    const graphs = new PolicyGraphs({ readStream }, 4);
    for (const [policy, events] of [
      ['one', 2],
      ['two', 2],
      ['large', 9],
    ] as const)
      for (let index = 0; index < events; index += 1) await append(policy, `e${index}`);
    for (const policy of ['one', 'two', 'one']) await graphs.of(policy);
    expect(await readBy(() => graphs.of('large'))).toBe(9);
    expect(await readBy(() => graphs.of('large'))).toBe(0);
    expect(await readBy(() => graphs.of('one'))).toBe(2);
    expect(await readBy(() => graphs.of('two'))).toBe(2);
    expect(await readBy(() => graphs.of('one'))).toBe(0);
  });

  it('go on after a reading that failed', async () => {
    const { readStream, append } = countedLog();
    await append('toll', 'e0');
    let isDown = true;
    const graphs = new PolicyGraphs({
      readStream: (...page) => (isDown ? Promise.reject(new Error('down')) : readStream(...page)),
    });
    await expect(Promise.all([graphs.of('toll'), graphs.of('toll')])).rejects.toThrow('down');
    isDown = false;
    expect((await graphs.of('toll')).graph.size).toBe(1);
  });
});
