import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { policyStream } from '#domain';
import { DISREGARDED, canonicalJson, createPostgresEventLog } from '#event-log';
import { eventually } from '../../support/eventually.js';
import { StreamClient } from '../../support/http/stream-client.js';
import type { Difference, State } from '../reads/answers.js';
import { type ReceivedPatch, patchOf, applyMessages } from './patched-states.js';
import { sampleEvent as event } from '../writes/sample-event.js';
import { type TestApplication, runApplication } from '../running-application.js';

const missing = (): never => {
  throw new Error('There is no such message.');
};

const price = (value: number) => ({ terms: [{ key: 'price', value, unit: 'GBP' }] });
const onDay = (day: string) => ({ occurred: day, publishedAt: day });
const about = (key: string, type: string, target: string, day: string, more: object = {}) => {
  const { sources: _s, epistemic: _e, ...rest } = event(key, { type, target, reason: 'We were wrong.', ...onDay(day) });
  return { ...rest, ...more };
};

let application: TestApplication;
const clients: StreamClient[] = [];
const open = (path: string, headers: Readonly<Record<string, string>> = {}): StreamClient => {
  const client = new StreamClient(`${application.url}${path}`, { headers });
  clients.push(client);
  return client;
};
const register = (slug: string) =>
  application.post('/v1/policies', { slug, title: slug, kind: 'scheme', jurisdiction: 'GB' });
const record = async (body: { policy: string }): Promise<number> => {
  const answer = await application.post<{ position: number }>(`/v1/policies/${body.policy}/events`, body);
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return answer.body.position;
};
const stateAt = async (policy: string, { position, knownAt, validAt }: ReceivedPatch): Promise<unknown> => {
  const query = `recordedAt=@${position}&knownAt=${knownAt}&validAt=${validAt}`;
  return (await application.get<State>(`/v1/policies/${policy}?${query}`)).body.state;
};

afterEach(() => {
  for (const client of clients.splice(0)) client.cut();
});

describe('a stream of states', () => {
  beforeAll(async () => {
    application = await runApplication();
    for (const slug of ['ferry', 'bridge', 'tunnel']) await register(slug);
    await record(event('announced', { type: 'policy.announced', ...price(7) }));
    await record(event('bridge-announced', { policy: 'bridge', type: 'policy.announced' }));
  });
  afterAll(() => application.stop());

  it('shows the state whole, then a patch for each change, each of them what GET answers there', async () => {
    const client = await open('/v1/policies/ferry/stream?view=patches').caughtUp();
    expect(client.messages.map(({ event: kind }) => kind)).toEqual(['patch', 'caught-up']);
    expect(patchOf(client.messages[0] ?? missing()).patch).toEqual([
      { op: 'add', path: '', value: { status: 'announced', terms: { price: { value: 7, unit: 'GBP' } } } },
    ]);
    await record(event('dearer', { ...onDay('2024-04-01'), ...price(8) }));
    await record(event('unheard', { ...onDay('2024-03-20'), ...price(9) }));
    await record(about('undone', 'record.retracted', 'dearer', '2024-05-01'));
    const told = await client.has('patch', 3);
    expect(told.slice(1).map((message) => [patchOf(message).cause, patchOf(message).patch])).toEqual([
      ['dearer', [{ op: 'replace', path: '/terms/price', value: { value: 8, unit: 'GBP' } }]],
      ['undone', [{ op: 'replace', path: '/terms/price', value: { value: 9, unit: 'GBP' } }]],
    ]);
    for (const [index, message] of told.entries()) {
      const data = patchOf(message);
      expect(applyMessages(told.slice(0, index + 1))['ferry']).toEqual(await stateAt('ferry', data));
      expect(message.id).toBe(`${data.position}.${Date.parse(data.knownAt)}`);
    }
  });

  it('goes on from where a state was answered, with one patch whatever happened between', async () => {
    const { body } = await application.get<State>('/v1/policies/ferry');
    const nothing = await open(`/v1/policies/ferry/stream?view=patches&after=${body.resume}`).caughtUp();
    expect(nothing.of('patch')).toEqual([]);
    await record(event('dearer-still', { ...onDay('2024-06-01'), ...price(10) }));
    await record(event('with-cars', { ...onDay('2024-06-02'), terms: [{ key: 'cars', value: true }] }));
    const client = await open(`/v1/policies/ferry/stream?view=patches&after=${body.resume}`).caughtUp();
    expect(client.of('patch').map((message) => patchOf(message).causes)).toEqual([['dearer-still', 'with-cars']]);
    const held = applyMessages(client.messages, { ferry: body.state });
    expect(held['ferry']).toEqual((await application.get<State>('/v1/policies/ferry')).body.state);
    expect(patchOf(client.of('patch')[0] ?? missing()).cause).toBe('with-cars');
    // What was shown, live or later, is the same.
    expect((await nothing.has('patch', 2)).map((message) => patchOf(message).cause)).toEqual([
      'dearer-still',
      'with-cars',
    ]);
    const again = await open('/v1/policies/ferry/stream?view=patches', {
      'last-event-id': client.lastId ?? '',
    }).caughtUp();
    expect(again.of('patch')).toEqual([]);
  });

  it('goes on from a state of the past to now', async () => {
    const { body } = await application.get<State>('/v1/policies/ferry?knownAt=2024-03-10');
    const client = await open(`/v1/policies/ferry/stream?view=patches&after=${body.resume}`).caughtUp();
    expect(applyMessages(client.messages, { ferry: body.state })['ferry']).toEqual(
      (await application.get<State>('/v1/policies/ferry')).body.state,
    );
    const fixedValid = await application.get<State>('/v1/policies/ferry?validAt=2024-03-10');
    const silent = await open(
      `/v1/policies/ferry/stream?view=patches&validAt=2024-03-10&after=${fixedValid.body.resume}`,
    ).caughtUp();
    expect(silent.of('patch')).toEqual([]);
  });

  it('shows all policies, and new ones', async () => {
    const client = await open('/v1/stream?view=patches').caughtUp();
    expect(client.of('patch').map((message) => patchOf(message).policy)).toEqual(['tunnel', 'bridge', 'ferry']);
    expect(client.of('patch').every(({ data }) => JSON.stringify(data['patch']).includes('"path":""'))).toBe(true);
    await register('pier');
    await record(event('pier-announced', { policy: 'pier', type: 'policy.announced' }));
    await client.has('patch', 5);
    const held = applyMessages(client.messages);
    const { body } = await application.get<{ items: readonly State[] }>('/v1/policies');
    expect(held).toEqual(Object.fromEntries(body.items.map(({ policy, state }) => [policy, state])));
    const { lastId = '' } = client;
    await record(event('bridge-priced', { policy: 'bridge', ...price(3) }));
    const again = await open('/v1/stream?view=patches', { 'last-event-id': lastId }).caughtUp();
    expect(again.of('patch').map((message) => patchOf(message).cause)).toEqual(['bridge-priced']);
  });

  it('can be gone on with from every message of the first showing', async () => {
    const client = await open('/v1/stream?view=patches').caughtUp();
    const current = applyMessages(client.messages);
    for (const [index, { id }] of client.of('patch').entries()) {
      const again = await open('/v1/stream?view=patches', { 'last-event-id': id ?? '' }).caughtUp();
      const held = applyMessages(client.of('patch').slice(0, index + 1));
      expect(applyMessages(again.messages, held)).toEqual(current);
    }
  });

  it.each([
    ['/v1/stream?view=patches&after=5', {}, 'after'],
    ['/v1/stream?view=patches&after=5.', {}, 'after'],
    ['/v1/stream?view=patches&after=-5.1', {}, 'after'],
    ['/v1/stream?view=patches&after=100000.1700000000000', {}, 'after'],
    ['/v1/stream?view=patches&after=1.253402300800000', {}, 'after'],
    ['/v1/stream?view=patches', { 'last-event-id': '5' }, 'Last-Event-ID'],
    ['/v1/stream?view=patches', { 'last-event-id': 'x.y' }, 'Last-Event-ID'],
    ['/v1/stream?view=patches&type=policy.announced', {}, 'type'],
    ['/v1/stream?view=patches&knownAt=yesterday', {}, 'knownAt'],
    ['/v1/stream?view=patches&recordedAt=@1', {}, 'recordedAt'],
  ])('refuses %s %j', async (path, headers, named) => {
    const { status, body } = await application.get<{ detail: string }>(path, headers);
    expect([status, body.detail]).toEqual([400, expect.stringContaining(named)]);
  });

  it('tells subscribers of now when what was dated forward begins, also when nothing is recorded after it', async () => {
    await register('weir');
    const soon = new Date(Date.now() + 1_000).toISOString();
    const client = await open('/v1/policies/weir/stream?view=patches').caughtUp();
    await record(event('weir-opens', { policy: 'weir', publishedAt: soon, embargoed: true, ...price(1) }));
    const [, told] = await client.has('patch', 2);
    expect(told && patchOf(told).cause).toBe('weir-opens');
  });

  it('tells subscribers of now when what was dated forward begins and ends, and because of what', async () => {
    await register('gate');
    const [soon, later] = [Date.now() + 1_500, Date.now() + 2_500].map((at) => new Date(at).toISOString());
    const client = await open('/v1/policies/gate/stream?view=patches').caughtUp();
    const all = await open('/v1/stream?view=patches').caughtUp();
    await record(event('gate-opens', { policy: 'gate', publishedAt: soon, embargoed: true, ...price(1) }));
    await record(
      event('gate-dearer', {
        policy: 'gate',
        publishedAt: later,
        occurred: '2024-06-01',
        embargoed: true,
        ...price(2),
      }),
    );
    expect(client.of('patch')).toHaveLength(1);
    const told = await client.has('patch', 3);
    expect(told.slice(1).map((message) => patchOf(message).cause)).toEqual(['gate-opens', 'gate-dearer']);
    expect(told.slice(1).map(({ id }) => Number(id?.split('.')[1]))).toEqual([
      Date.parse(soon ?? ''),
      Date.parse(later ?? ''),
    ]);
    for (const [index, message] of told.entries())
      expect(applyMessages(told.slice(0, index + 1))['gate']).toEqual(await stateAt('gate', patchOf(message)));
    await eventually('the stream of all has told it, too', () => JSON.stringify(all.messages).includes('gate-dearer'));
    // Whoever was away meanwhile is told in one patch.
    const away = await open('/v1/policies/gate/stream?view=patches', { 'last-event-id': told[0]?.id ?? '' }).caughtUp();
    expect(applyMessages(away.messages, applyMessages(told.slice(0, 1)))).toEqual(applyMessages(told));
    const allAway = await open('/v1/stream?view=patches', { 'last-event-id': told[0]?.id ?? '' }).caughtUp();
    expect(applyMessages(allAway.messages)['gate']).toEqual(applyMessages(told)['gate']);
  }, 20_000);
});

describe('a stream of the past', () => {
  const KNOWN = '2025-07-08';
  const policy = 'uk-france-one-in-one-out';

  beforeAll(async () => {
    application = await runApplication({ SEEDS: 'seeds' });
  });
  afterAll(() => application.stop());

  it('is silent for news, and speaks for a correction, a late discovery, an earlier source and a retraction', async () => {
    const seeded = await application.head();
    const before = await application.get<State>(`/v1/policies/${policy}?knownAt=${KNOWN}`);
    const client = await open(`/v1/policies/${policy}/stream?view=patches&knownAt=${KNOWN}`).caughtUp();
    const resumed = await open(
      `/v1/policies/${policy}/stream?view=patches&knownAt=${KNOWN}&after=${before.body.resume}`,
    ).caughtUp();
    const everything = await open(`/v1/stream?view=patches&knownAt=${KNOWN}&validAt=${KNOWN}`).caughtUp();
    const shown = everything.of('patch').length;
    expect(client.of('patch')).toHaveLength(1);
    expect(resumed.of('patch')).toHaveLength(0);

    await register('elsewhere');
    const news = Array.from({ length: 25 }, (_, index) =>
      event(`later-${index}`, { policy, ...onDay(`2025-08-${String(index + 1).padStart(2, '0')}`), ...price(index) }),
    );
    const unrelated = Array.from({ length: 25 }, (_, index) =>
      event(`unrelated-${index}`, { policy: 'elsewhere', ...onDay('2025-08-01'), ...price(index) }),
    );
    const answers = await application.importLines([...news, ...unrelated]);
    expect(answers.at(-1)?.summary).toMatchObject({ recorded: 50, rejected: 0 });

    await record(event('found-late', { policy, ...onDay('2025-07-01'), ...price(50) }));
    await client.has('patch', 2);
    await record(about('mistyped', 'record.corrected', 'found-late', '2025-07-02', { policy, changes: price(40) }));
    await client.has('patch', 3);
    await record(about('never-said', 'record.retracted', 'mistyped', '2025-07-03', { policy }));
    await client.has('patch', 4);
    await record(event('leaked-later', { policy, ...onDay('2025-07-20'), occurred: '2025-07-05', ...price(60) }));
    const source = { publisher: 'Leaks', title: 'First', publishedAt: '2025-07-06', genre: 'leak' };
    const { reason: _reason, ...attached }: Record<string, unknown> & { policy: string } = about(
      'leak-found',
      'source.attached',
      'leaked-later',
      '2025-07-06',
      {
        policy,
        source,
      },
    );
    await record(attached);
    const told = await client.has('patch', 5);
    await resumed.has('patch', 4);
    await everything.has('patch', shown + 4);

    expect(told.slice(1).map((message) => [patchOf(message).cause, patchOf(message).patch])).toEqual([
      ['found-late', [{ op: 'add', path: '/terms/price', value: { value: 50, unit: 'GBP' } }]],
      ['mistyped', [{ op: 'replace', path: '/terms/price', value: { value: 40, unit: 'GBP' } }]],
      ['never-said', [{ op: 'replace', path: '/terms/price', value: { value: 50, unit: 'GBP' } }]],
      ['leak-found', [{ op: 'replace', path: '/terms/price', value: { value: 60, unit: 'GBP' } }]],
    ]);
    expect([client, resumed].map((each) => each.of('patch').length)).toEqual([5, 4]);
    expect(everything.of('patch')).toHaveLength(shown + 4);
    const after = await application.get<State>(`/v1/policies/${policy}?knownAt=${KNOWN}`);
    expect(applyMessages(client.messages)[policy]).toEqual(after.body.state);
    expect(applyMessages(resumed.messages, { [policy]: before.body.state })[policy]).toEqual(after.body.state);

    const all = await open(`/v1/stream?view=patches&knownAt=${KNOWN}&validAt=${KNOWN}`, {
      'last-event-id': everything.of('patch')[shown - 1]?.id ?? '',
    }).caughtUp();
    expect(all.of('patch').map((message) => [patchOf(message).policy, patchOf(message).cause])).toEqual([
      [policy, 'leak-found'],
    ]);
    const { body } = await application.get<Difference>(
      `/v1/policies/${policy}/diff?from.knownAt=${KNOWN}&from.recordedAt=@${String(seeded)}&to.knownAt=${KNOWN}`,
    );
    expect(body.changes.map(({ field }) => field)).toEqual(['terms.price']);
  }, 30_000);

  it('passes over what the log has taken in only to disregard it', async () => {
    const slug = 'found-in-the-store';
    await register(slug);
    const client = await open(`/v1/policies/${slug}/stream?view=patches&knownAt=${KNOWN}`).caughtUp();
    const now = await open(`/v1/policies/${slug}/stream?view=patches`).caughtUp();
    const pool = new pg.Pool({ connectionString: application.databaseUrl });
    const log = createPostgresEventLog({ pool });
    const body = canonicalJson({ reason: 'not-ours', id: 'x', type: 'x' });
    const found = { id: randomUUID(), key: `disregarded-${slug}`, type: DISREGARDED, body };
    const [outcome] = await log.appendMany([{ stream: policyStream(slug), expected: 'any', events: [found] }]);
    expect(outcome?.outcome).toBe('appended');
    await log.close();
    await pool.end();
    await record(event('after-it', { policy: slug, ...onDay('2025-07-01'), ...price(5) }));
    for (const each of [client, now]) {
      const told = await each.has('patch', 2);
      expect(told.map((message) => patchOf(message).cause).at(-1)).toBe('after-it');
      expect(told).toHaveLength(2);
    }
  });
});

describe('when a read model comes to say something else', () => {
  beforeAll(async () => {
    application = await runApplication();
    for (const slug of ['ferry', 'bridge']) await register(slug);
    await record(event('announced', { type: 'policy.announced', ...price(7) }));
    await record(event('bridge-announced', { policy: 'bridge', type: 'policy.announced' }));
  });
  afterAll(() => application.stop());

  const rebuild = async (name: string): Promise<void> => {
    await application.post(`/v1/projections/${name}/rebuild`, {});
    await eventually('a rebuild is done', async () => {
      const { body } = await application.get<{ items: readonly { name: string; rebuild: { state: string } | null }[] }>(
        '/v1/projections',
      );
      return body.items.find((each) => each.name === name)?.rebuild?.state === 'done';
    });
  };

  it('tells nothing while it says the same, else what is different', async () => {
    const ferry = await open('/v1/policies/ferry/stream?view=patches').caughtUp();
    const past = await open('/v1/policies/bridge/stream?view=patches&knownAt=2024-06-01').caughtUp();
    const all = await open('/v1/stream?view=patches').caughtUp();
    const events = await open('/v1/stream').caughtUp();
    const away = ferry.lastId ?? '';
    await rebuild('policy-facts');
    await record(event('dearer', { ...onDay('2024-04-01'), ...price(8) }));
    await ferry.has('patch', 2);
    expect([ferry, past, all, events].map((client) => client.of('restated').length)).toEqual([0, 0, 0, 0]);

    const client = new pg.Client({ connectionString: application.databaseUrl });
    await client.connect();
    await client.query(`UPDATE read.boxes SET value = '{"unit": "GBP", "value": 99}' WHERE event = 'dearer'`);
    await client.end();
    await rebuild('policy-facts');
    for (const each of [ferry, past, all, events]) {
      const [restated] = await each.has('restated', 1);
      expect(restated?.data).toMatchObject({ projection: 'policy-facts', position: expect.any(Number) });
    }
    await all.has('reset', 1);
    const { body } = await application.get<State>('/v1/policies/ferry');
    expect(body.state.terms).toEqual({ price: { value: 8, unit: 'GBP' } });
    for (const each of [ferry, all])
      await eventually('what is held is what is answered', () =>
        isDeepStrictEqual(applyMessages(each.messages)['ferry'], body.state),
      );
    expect(past.of('patch')).toHaveLength(1);

    // Whoever was away cannot go on from what it was shown, and is told so.
    const again = await open('/v1/policies/ferry/stream?view=patches', { 'last-event-id': away }).caughtUp();
    expect(again.messages.map(({ event: kind }) => kind)).toEqual(['reset', 'patch', 'caught-up']);
    expect(applyMessages(again.messages)['ferry']).toEqual(body.state);
    const fresh = await open(`/v1/policies/ferry/stream?view=patches&after=${body.resume}`).caughtUp();
    expect(fresh.messages.map(({ event: kind }) => kind)).toEqual(['caught-up']);
  }, 60_000);
});
