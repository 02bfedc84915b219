import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { canonicalJson } from '../entries/canonical-json.js';
import { type PostgresUnderTest, openPostgresUnderTest } from '../contract/postgres-under-test.js';
import type { AppendRequest } from '../port.js';
import { createPostgresEventLog } from './postgres-event-log.js';

const one = (): AppendRequest => ({
  stream: randomUUID(),
  expected: 'any',
  events: [{ id: randomUUID(), key: randomUUID(), type: 'toll.changed', body: canonicalJson({}) }],
});

/** An append of two batches that has stored the first when `underWay` resolves, and goes on when told. */
function appendInParts(under: PostgresUnderTest) {
  const signals = new EventEmitter();
  const [underWay, told] = [once(signals, 'under way'), once(signals, 'go on')];
  const batches = async function* (): AsyncGenerator<readonly AppendRequest[]> {
    yield [one()];
    signals.emit('under way');
    await told;
    yield [one()];
  };
  return { appended: under.log.appendTogether(batches()), underWay, goOn: () => signals.emit('go on') };
}

describe('the position at an instant', () => {
  let under: PostgresUnderTest;
  beforeAll(async () => {
    under = await openPostgresUnderTest();
    await under.log.append(one());
  });
  afterAll(() => under.close());

  const clock = async (): Promise<number> => {
    const { rows } = await under.administrator.query<{ ms: number }>(
      'SELECT ceil(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms',
    );
    return rows[0]?.ms ?? 0;
  };

  it('is not told while an append is under way that has a time before it, in this process or another', async () => {
    const { position: before } = await under.log.head();
    const { appended, underWay, goOn } = appendInParts(under);
    await underWay;
    const instant = await clock();
    const elsewhere = createPostgresEventLog({ pool: under.openPool() });
    expect(await elsewhere.positionAt(instant, 20)).toBeUndefined();
    const answers = [under.log, elsewhere].map((log) => log.positionAt(instant, 5_000));
    goOn();
    await appended;
    const [here, there] = await Promise.all(answers);
    expect(here).toBe(before + 1);
    expect(there).toBe(here);
    await under.log.append(one());
    expect(await under.log.positionAt(instant, 5_000)).toBe(here);
    await elsewhere.close();
  });

  it('is told at once of instants before the last entry, whatever is under way', async () => {
    const { recordedAt } = await under.log.head();
    const { appended, underWay, goOn } = appendInParts(under);
    await underWay;
    const elsewhere = createPostgresEventLog({ pool: under.openPool() });
    expect(await elsewhere.positionAt((recordedAt ?? 0) - 1, 0)).toEqual(expect.any(Number));
    goOn();
    await appended;
    await elsewhere.close();
  });

  it('stays the same while many append', async () => {
    const told = new Map<number, number | undefined>();
    let isAppending = true;
    const asking = (async () => {
      while (isAppending) {
        const instant = await clock();
        told.set(instant, await under.log.positionAt(instant, 5_000));
      }
    })();
    for (let round = 0; round < 20; round += 1)
      await Promise.all(Array.from({ length: 50 }, () => under.log.append(one())));
    isAppending = false;
    await asking;
    for (const [instant, position] of told) expect(await under.log.positionAt(instant, 5_000)).toBe(position);
    expect(new Set(told.values()).size).toBeGreaterThan(3);
  });
});
