import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkedFetch } from '../../support/http/checked-fetch.js';
import { createTestDatabase } from '../../support/databases/database.js';
import { eventually } from '../../support/eventually.js';
import { StreamClient } from '../../support/http/stream-client.js';
import { sampleEvent } from '../writes/sample-event.js';
import { type TestApplication, clientOf, runApplication, startOn } from '../running-application.js';

const policy = (slug: string, aliases: readonly string[] = []) => ({
  slug,
  title: slug,
  kind: 'scheme',
  jurisdiction: 'GB',
  aliases,
});

const event = (key: string, more: object = {}) => sampleEvent(key, { type: 'policy.announced', ...more });

describe('a stream of events', () => {
  let application: TestApplication;
  const clients: StreamClient[] = [];
  const open = (path: string, headers: Readonly<Record<string, string>> = {}): StreamClient => {
    const client = new StreamClient(`${application.url}${path}`, { headers });
    clients.push(client);
    return client;
  };
  const record = async (body: ReturnType<typeof event>): Promise<number> => {
    const answer = await application.post<{ position: number }>(`/v1/policies/${body.policy}/events`, body);
    expect(answer.status).toBe(201);
    return answer.body.position;
  };

  beforeAll(async () => {
    application = await runApplication();
    await application.post('/v1/policies', policy('ferry', ['boat']));
    await application.post('/v1/policies', policy('bridge'));
    await record(event('one', { note: 'An aside.', actors: [{ name: 'A. Nonymous', kind: 'person', private: true }] }));
    await record(event('two', { policy: 'bridge', type: 'policy.paused' }));
  });
  afterAll(async () => {
    for (const client of clients) client.cut();
    await application.stop();
  });

  it('tells everything from the start, registrations included, then that it has caught up', async () => {
    const client = await open('/v1/stream?after=0').caughtUp();
    expect(client.messages.map(({ event: kind, id, data }) => [kind, id, data['type']])).toEqual([
      ['event', '1', 'policy.registered'],
      ['event', '2', 'policy.registered'],
      ['event', '3', 'policy.announced'],
      ['event', '4', 'policy.paused'],
      ['caught-up', '4', undefined],
    ]);
    expect(client.messages.at(-1)?.data).toEqual({ position: 4 });
  });

  it('writes events as CloudEvents 1.0, with the event as any answer shows it, but for what others make of it', async () => {
    const client = await open('/v1/stream?after=0').caughtUp();
    const { body } = await application.get<Record<string, unknown>>('/v1/events/one');
    const ofTheAnswer = ['coordinate', 'permalink', 'url', 'meta', 'linkedFrom', 'links', 'corrections', 'dating'];
    const shown = Object.fromEntries(Object.entries(body).filter(([member]) => !ofTheAnswer.includes(member)));
    const [registered, , told] = client.of('event');
    expect(told?.data).toEqual({
      specversion: '1.0',
      id: body['id'],
      source: '/v1/policies/ferry',
      type: 'policy.announced',
      subject: 'ferry',
      time: body['recordedAt'],
      datacontenttype: 'application/json',
      data: shown,
    });
    expect(registered?.data).toMatchObject({
      subject: 'ferry',
      data: { ...policy('ferry', ['boat']), key: 'registered:ferry', position: 1, revision: 0 },
    });
  });

  it('begins with now unless told, and speaks as things are recorded', async () => {
    const client = await open('/v1/stream').caughtUp();
    expect(client.messages).toHaveLength(1);
    const position = await record(event('three'));
    const [told] = await client.has('event', 1);
    expect([told?.id, told?.data['type']]).toEqual([String(position), 'policy.announced']);
  });

  it('goes on behind an id, from the header before the parameter', async () => {
    const byParameter = await open('/v1/stream?after=3').caughtUp();
    expect(byParameter.of('event')[0]?.id).toBe('4');
    const byHeader = await open('/v1/stream?after=0', { 'last-event-id': '3' }).caughtUp();
    expect(byHeader.of('event')[0]?.id).toBe('4');
    const atHead = await open(`/v1/stream?after=${await application.head()}`).caughtUp();
    expect(atHead.of('event')).toEqual([]);
  });

  it('carries the events of one policy, or of one type', async () => {
    const [ofPolicy, filtered, ofType, ofBoth] = await Promise.all(
      [
        '/v1/policies/bridge/stream?after=0',
        '/v1/stream?policy=bridge&after=0',
        '/v1/stream?type=policy.paused&after=0',
        '/v1/policies/ferry/stream?type=policy.paused',
      ].map((path) => open(path).caughtUp()),
    );
    const last = await record(event('bridge-again', { policy: 'bridge', type: 'policy.paused' }));
    for (const client of [ofPolicy, filtered]) {
      const events = await client?.has('event', 3);
      expect(events?.map(({ id }) => id)).toEqual(['2', '4', String(last)]);
    }
    expect((await ofType?.has('event', 2))?.map(({ id }) => id)).toEqual(['4', String(last)]);
    expect(ofBoth?.of('event')).toEqual([]);
  });

  it('sends who asks under an alias to the policy', async () => {
    const { status, headers } = await application.get('/v1/policies/boat/stream?after=1');
    expect([status, headers.get('location')]).toEqual([308, `${application.url}/v1/policies/ferry/stream?after=1`]);
    const named = await open('/v1/stream?policy=boat&after=0').caughtUp();
    expect(named.of('event')[0]?.data['subject']).toBe('ferry');
  });

  it('is not kept, not compressed, and open to nobody who wants something else', async () => {
    const head = await checkedFetch(`${application.url}/v1/stream`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    expect(head.headers.get('cache-control')).toBe('no-store');
    expect(head.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await application.get('/v1/stream', { accept: 'application/json' })).status).toBe(406);
    expect((await application.get('/v1/stream.json')).status).toBe(406);
  });

  it.each([
    ['/v1/stream?after=soon', {}, 400, 'after'],
    ['/v1/stream?after=-1', {}, 400, 'after'],
    ['/v1/stream?after=1.5', {}, 400, 'after'],
    ['/v1/stream?after=', {}, 400, 'after'],
    ['/v1/stream?after=1&after=2', {}, 400, 'after'],
    ['/v1/stream?after=1000000', {}, 400, 'after'],
    ['/v1/stream', { 'last-event-id': 'soon' }, 400, 'Last-Event-ID'],
    ['/v1/stream', { 'last-event-id': '-1' }, 400, 'Last-Event-ID'],
    ['/v1/stream', { 'last-event-id': '1000000' }, 400, 'Last-Event-ID'],
    ['/v1/stream', { 'last-event-id': '41.1732270000000' }, 400, 'Last-Event-ID'],
    ['/v1/stream?view=everything', {}, 400, 'view'],
    ['/v1/stream?colour=red', {}, 400, 'colour'],
    ['/v1/stream?type=policy.forgotten', {}, 400, 'type'],
    ['/v1/stream?knownAt=2024-01-01', {}, 400, 'knownAt'],
    ['/v1/stream?validAt=2024-01-01', {}, 400, 'validAt'],
    ['/v1/stream?policy=nowhere', {}, 404, 'policy'],
    ['/v1/policies/nowhere/stream', {}, 404, 'policy'],
    ['/v1/policies/ferry/stream?policy=ferry', {}, 400, 'policy'],
  ])('refuses %s %j', async (path, headers, status, named) => {
    const answer = await application.get<{ status: number; detail: string }>(path, headers);
    expect([answer.status, answer.body.status]).toEqual([status, status]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body.detail).toContain(named);
  });
});

const PROGRAM = `import { EventSource } from 'eventsource';
const stream = new EventSource(process.argv[1] + '/v1/stream?after=0');
stream.addEventListener('event', ({ lastEventId }) => console.log(lastEventId));`;

const DESK = `desk:reader:${createHash('sha256').update('desk').digest('hex')}`;

describe('the streams of a process', () => {
  it('are limited for each client, with what is left of them, and in all', async () => {
    const limited = await runApplication({ STREAMS: '3', STREAMS_PER_CLIENT: '2', API_KEYS: DESK });
    const two = [new StreamClient(`${limited.url}/v1/stream`), new StreamClient(`${limited.url}/v1/stream`)];
    await Promise.all(two.map((client) => client.caughtUp()));
    expect(two.map(({ headers }) => headers['ratelimit']).sort()).toEqual(['"streams";r=0', '"streams";r=1']);
    const ask = (headers: Readonly<Record<string, string>>) =>
      limited.get<{ type: string; detail: string }>('/v1/stream', headers);
    const own = await ask({});
    expect([own.status, own.headers.get('retry-after'), own.body.type]).toEqual([
      429,
      '5',
      'urn:policy-timeline:problem:client-streams-exceeded',
    ]);
    expect([own.headers.get('ratelimit-policy'), own.headers.get('ratelimit')]).toEqual([
      '"streams";q=2;qu="concurrent-requests"',
      '"streams";r=0',
    ]);
    // Somebody else has streams left, of which the server has one more, and then none.
    const elsewhere = { authorization: 'Bearer desk', 'x-forwarded-for': '192.0.2.7' };
    const third = await new StreamClient(`${limited.url}/v1/stream`, { headers: elsewhere }).caughtUp();
    expect(third.headers['ratelimit']).toMatch(/^"reads";r=\d+;t=\d+, "streams";r=1$/);
    const full = await ask(elsewhere);
    expect([full.status, full.headers.get('retry-after'), full.body.type]).toEqual([
      503,
      '5',
      'urn:policy-timeline:problem:too-many-streams',
    ]);
    third.cut();
    two[0]?.cut();
    await eventually('a place is free', async () => {
      const client = new StreamClient(`${limited.url}/v1/stream`);
      await eventually('an answer', () => client.status !== undefined);
      const { status } = client;
      client.cut();
      return status === 200;
    });
    two[1]?.cut();
    await limited.stop();
  }, 60_000);

  it('end in good order when it stops, and go on where they ended', async () => {
    const database = await createTestDatabase();
    const first = await startOn(database.url);
    const client = await new StreamClient(`${first.url}/v1/stream`).caughtUp();
    const patches = await new StreamClient(`${first.url}/v1/stream?view=patches`).caughtUp();
    await clientOf(first.url).post('/v1/policies', policy('ferry'));
    await client.has('event', 1);
    const begun = Date.now();
    await first.stop();
    expect(Date.now() - begun).toBeLessThan(3_000);
    await eventually('both have ended', () => client.hasEnded && patches.hasEnded);
    expect([client.isComplete, patches.isComplete]).toEqual([true, true]);
    const second = await startOn(database.url);
    await clientOf(second.url).post('/v1/policies', policy('bridge'));
    const again = await new StreamClient(`${second.url}/v1/stream`, {
      headers: { 'last-event-id': client.lastId ?? '' },
    }).caughtUp();
    expect(again.of('event').map(({ id }) => id)).toEqual(['2']);
    again.cut();
    await second.stop();
    await database.drop();
  }, 60_000);

  it('are gone on with by clients of the package eventsource, which connect again by themselves', async () => {
    const database = await createTestDatabase();
    const first = await startOn(database.url);
    const told: string[] = [];
    // A process of its own: the package offers its sources under the condition under which ours are found here.
    const client = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM, first.url], { stdio: 'pipe' });
    createInterface({ input: client.stdout }).on('line', (line) => told.push(line));
    await clientOf(first.url).post('/v1/policies', policy('ferry'));
    await eventually('the client is told', () => told.length === 1);
    await first.stop();
    const second = await startOn(database.url, { PORT: new URL(first.url).port });
    await clientOf(second.url).post('/v1/policies', policy('bridge'));
    await eventually('the client is told again', () => told.length === 2);
    expect(told).toEqual(['1', '2']);
    client.kill();
    await second.stop();
    await database.drop();
  }, 60_000);

  it('are counted', async () => {
    const counted = await runApplication();
    const client = await new StreamClient(`${counted.url}/v1/stream?view=patches`).caughtUp();
    const { body } = await counted.get<string>('/metrics');
    expect(body).toContain('policy_timeline_streams{view="patches"} 1');
    expect(body).toContain('policy_timeline_streams_fallen_behind 0');
    client.cut();
    await counted.stop();
  });
});
