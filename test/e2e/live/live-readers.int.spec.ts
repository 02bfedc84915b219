import { describe, expect, it } from '@jest/globals';
import { createLogger, readConfiguration } from '#runtime';
import { startProjector } from '../../../apps/projector/src/projector.js';
import { createTestDatabase } from '../../support/databases/database.js';
import { eventually } from '../../support/eventually.js';
import { StreamClient } from '../../support/http/stream-client.js';
import type { State } from '../reads/answers.js';
import { applyMessages } from './patched-states.js';
import { sampleEvent as event } from '../writes/sample-event.js';
import { auditKeyOf, clientOf, runApplication, startOn } from '../running-application.js';

const registration = { policy: { slug: 'ferry', title: 'Ferry', kind: 'scheme', jurisdiction: 'GB' } };

/** More than the buffers of a connection hold. */
const LARGE = 1_200;
const NOTE = 'x'.repeat(9_900);
const TERMS = 12;
const TERM = 'x'.repeat(900);

describe('a reader that takes nothing', () => {
  it('holds up nobody, is held no events for, and gets each of them once when it reads on', async () => {
    const application = await runApplication();
    await application.importLines([registration]);
    const slow = await new StreamClient(`${application.url}/v1/stream`).caughtUp();
    const ofPolicy = await new StreamClient(`${application.url}/v1/policies/ferry/stream`).caughtUp();
    const quick = await new StreamClient(`${application.url}/v1/stream`).caughtUp();
    slow.pause();
    ofPolicy.pause();
    const lines = Array.from({ length: LARGE }, (_, index) => event(`large-${index}`, { note: NOTE }));
    const answers = await application.importLines(lines);
    expect(answers.at(-1)?.summary?.recorded).toBe(LARGE);
    await quick.has('event', LARGE);
    const { body } = await application.get<string>('/metrics');
    expect(Number(/policy_timeline_streams_fallen_behind (\d+)/.exec(body)?.[1])).toBeGreaterThanOrEqual(2);
    expect(slow.of('event').length).toBeLessThan(LARGE);
    slow.resume();
    ofPolicy.resume();
    await application.post('/v1/policies/ferry/events', event('last'));
    const expected = Array.from({ length: LARGE + 1 }, (_, index) => String(index + 2));
    for (const client of [quick, slow, ofPolicy]) {
      const told = await client.has('event', LARGE + 1);
      expect(told.map(({ id }) => id)).toEqual(expected);
      expect(client.of('caught-up')).toHaveLength(1);
      client.cut();
    }
    await application.stop();
  }, 90_000);
});

describe('a reader of states that takes nothing', () => {
  it('holds up nobody, is held no states for, and comes to the state that there is when it reads on', async () => {
    const application = await runApplication();
    await application.importLines([registration]);
    const states = (path: string) => new StreamClient(`${application.url}${path}?view=patches`).caughtUp();
    const slow = await states('/v1/stream');
    const ofPolicy = await states('/v1/policies/ferry/stream');
    const quick = await states('/v1/policies/ferry/stream');
    slow.pause();
    ofPolicy.pause();
    const terms = (index: number) =>
      Array.from({ length: TERMS }, (_, term) => ({ key: `term-${term}`, value: `${index} ${TERM}` }));
    const lines = Array.from({ length: LARGE }, (_, index) =>
      event(`large-${index}`, { terms: terms(index), ordinal: index }),
    );
    const answers = await application.importLines(lines);
    expect(answers.at(-1)?.summary?.recorded).toBe(LARGE);
    await eventually('the quick one has all', () => quick.messages.at(-1)?.data['position'] === LARGE + 1);
    const { body } = await application.get<string>('/metrics');
    expect(Number(/policy_timeline_streams_fallen_behind (\d+)/.exec(body)?.[1])).toBeGreaterThanOrEqual(2);
    slow.resume();
    ofPolicy.resume();
    await application.post('/v1/policies/ferry/events', event('last', { status: 'announced' }));
    const { body: now } = await application.get<State>(`/v1/policies/ferry?atLeast=${LARGE + 2}`);
    for (const client of [quick, slow, ofPolicy]) {
      await eventually('the last patch', () => client.messages.at(-1)?.data['position'] === LARGE + 2);
      expect(applyMessages(client.messages)).toEqual({ ferry: now.state });
      expect(client.of('caught-up')).toHaveLength(1);
      client.cut();
    }
    expect(slow.of('patch').length).toBeLessThan(LARGE);
    expect(ofPolicy.of('patch').length).toBeLessThan(LARGE);
    await application.stop();
  }, 90_000);
});

describe('streams beside read models that run elsewhere', () => {
  it('tell the same, as far as those have come', async () => {
    const database = await createTestDatabase();
    const outcome = readConfiguration(
      { DATABASE_URL: database.url, AUDIT_KEY_FILE: auditKeyOf(database.url), LOG_LEVEL: 'error' },
      process.cwd(),
    );
    if (!outcome.ok) throw new Error(outcome.mistakes.join('\n'));
    const needs = {
      logger: createLogger('error'),
      onLoss: () => undefined,
      stopping: new AbortController().signal,
    };
    let projector = await startProjector(outcome.configuration, needs);
    const application = await startOn(database.url, { PROJECTIONS: 'off' });
    const { importLines, get, url } = clientOf(application.url);
    await importLines([registration, event('first', { terms: [{ key: 'price', value: 1 }] })]);
    await get('/v1/policies/ferry?atLeast=2');
    const patches = await new StreamClient(`${url}/v1/policies/ferry/stream?view=patches`).caughtUp();
    const events = await new StreamClient(`${url}/v1/stream?after=0`).caughtUp();
    await projector.stop();
    expect((await get('/readyz')).body).toMatchObject({ audit: { state: 'unattended' } });
    await importLines([event('second', { terms: [{ key: 'price', value: 2 }], occurred: '2024-04-01' })]);
    await events.has('event', 3);
    // The log has it; no state has it yet.
    expect(patches.of('patch')).toHaveLength(1);
    projector = await startProjector(outcome.configuration, needs);
    const [, second] = await patches.has('patch', 2);
    expect(second?.data).toMatchObject({ cause: 'second', position: 3 });
    const { body } = await get<State>('/v1/policies/ferry?recordedAt=@3');
    expect(body.state.terms).toEqual({ price: { value: 2 } });
    expect(second?.data['patch']).toEqual([{ op: 'replace', path: '/terms/price', value: { value: 2 } }]);
    const late = new StreamClient(`${url}/v1/policies/ferry/stream?view=patches&after=${body.resume}`);
    await late.caughtUp();
    expect(late.of('patch')).toEqual([]);
    for (const client of [patches, events, late]) client.cut();
    await projector.stop();
    await eventually('streams have ended', () => patches.hasEnded && events.hasEnded);
    await application.stop();
    await database.drop();
  }, 60_000);
});
