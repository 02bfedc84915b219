import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkedFetch } from '../../support/http/checked-fetch.js';
import type { ProblemAnswer } from '../reads/answers.js';
import { clientOf, runApplication, startOn, type TestApplication } from '../running-application.js';
import { sampleEvent } from './sample-event.js';

interface Written {
  readonly position: number;
  readonly warnings: readonly { readonly code: string; readonly pointer: string; readonly message: string }[];
  readonly changed: readonly string[];
}

interface Change {
  readonly policy: string;
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

interface Rehearsed {
  readonly rejections: readonly unknown[];
  readonly warnings: Written['warnings'];
  readonly would: {
    readonly now: { readonly changes: readonly Change[]; readonly added: readonly string[] };
    readonly onItsDay: { readonly changes: readonly Change[] };
    readonly affects: readonly unknown[];
  };
}

describe('what a write answers', () => {
  let application: TestApplication;
  beforeAll(async () => {
    application = await runApplication();
    const policy = { slug: 'ferry', title: 'Ferry', kind: 'scheme', jurisdiction: 'GB' };
    expect((await application.post<Written>('/v1/policies', policy)).body).toMatchObject({ warnings: [], changed: [] });
  });
  afterAll(() => application.stop());

  const path = '/v1/policies/ferry/events';
  const record = (key: string, more: object = {}) => application.post<Written>(path, sampleEvent(key, more));
  const price = (value: number) => ({ terms: [{ key: 'price', value, unit: 'GBP' }] });

  const about = (key: string, target: string) => ({
    key,
    type: 'record.corrected',
    policy: 'ferry',
    target,
    reason: 'Mistyped.',
    occurred: '2024-04-01',
    publishedAt: '2024-04-01',
    summary: 'It was mistyped.',
  });

  it('says which fields an event changed about now, and what to look at again', async () => {
    const first = await record('priced', { ...price(7), status: 'announced' });
    expect([first.status, first.body.changed, first.body.warnings]).toEqual([201, ['status', 'terms.price'], []]);
    expect((await record('priced-before', { ...price(5), occurred: '2024-01-05' })).body.changed).toEqual([]);
    const doubtful = await record('doubtful', { occurred: '2024-03-09', ...price(8) });
    expect(doubtful.body.changed).toEqual(['terms.price']);
    expect(doubtful.body.warnings).toEqual([
      { code: 'published-before-it-happened', pointer: '/publishedAt', message: expect.stringContaining('2024-03-09') },
    ]);
    const again = await record('doubtful', { occurred: '2024-03-09', ...price(8) });
    expect([again.status, again.body]).toEqual([200, doubtful.body]);
  });

  it('asks whether a name was meant that was recorded before', async () => {
    const actor = (name: string) => ({ actors: [{ name, kind: 'organisation' }] });
    expect((await record('named', actor('Harbour Board'))).body.warnings).toEqual([]);
    expect((await record('misnamed', actor('Habour Board'))).body.warnings).toEqual([
      { code: 'near-name', pointer: '/actors/0/name', message: expect.stringContaining('"Harbour Board"') },
    ]);
  });

  it('rehearses an event and keeps nothing of it', async () => {
    const head = await application.head();
    const corrected = { ...about('fixed', 'doubtful'), changes: price(9) };
    const headers = { 'idempotency-key': 'tried' };
    const { status, body } = await application.post<Rehearsed>(`${path}?dryRun=true`, corrected, headers);
    expect([status, body.rejections, body.warnings]).toEqual([200, [], []]);
    const change = { policy: 'ferry', field: 'terms.price', why: 'corrected', events: ['doubtful'] };
    const [before, after] = [8, 9].map((value) => ({ value, unit: 'GBP' }));
    expect(body.would.now).toMatchObject({ changes: [{ ...change, before, after }], added: [], removed: [] });
    expect(body.would.onItsDay).toMatchObject({ knownAt: '2024-04-01T22:59:59.999Z', changes: [{ before, after }] });
    expect(body.would.affects).toEqual([
      {
        field: 'terms.price',
        known: { from: '2024-03-31T23:00:00.000Z' },
        valid: { from: '2024-03-09T23:59:59.999Z', to: null },
      },
    ]);
    expect(await application.head()).toBe(head);
    // The key was not kept: it is free for another body.
    expect((await application.post(path, sampleEvent('another'), headers)).status).toBe(201);
    const written = await application.post<Written>(path, corrected);
    expect([written.status, written.body.changed]).toEqual([201, ['terms.price']]);
  });

  it('refuses in a rehearsal what the write refuses', async () => {
    const bad = sampleEvent('bad', { links: [{ rel: 'about', to: 'nothing' }] });
    const rehearsed = await application.post<ProblemAnswer>(`${path}?dryRun=true`, bad);
    const written = await application.post<ProblemAnswer>(path, bad);
    expect([rehearsed.status, rehearsed.body.errors]).toEqual([422, written.body.errors]);
    for (const query of ['dryRun=yes', 'dryRun=', 'dryrun=true', 'dryRun=true&dryRun=true'])
      expect((await application.post(`${path}?${query}`, sampleEvent('good'))).status).toBe(400);
    expect((await application.post(`/v1/policies/none/events?dryRun=true`, sampleEvent('good'))).status).toBe(404);
    expect((await application.post(`${path}?dryRun=true`, sampleEvent('good'), { 'if-match': '"0"' })).status).toBe(
      412,
    );
  });

  it('shows what was recorded ahead of its publication under the name of the field and its older one', async () => {
    const ahead = sampleEvent('ahead', { publishedAt: '2999-01-01' });
    expect((await application.post(path, { ...ahead, embargoed: true })).status).toBe(201);
    expect((await application.post(path, { ...ahead, forthcoming: true })).status).toBe(200);
    const corrected = { ...about('ahead-fixed', 'ahead'), changes: { forthcoming: null, publishedAt: '2024-03-06' } };
    const known = '?knownAt=2999-01-02';
    const shown = async (address: string) => (await application.get<object>(`${address}${known}`)).body;
    const both = { forthcoming: true, embargoed: true };
    expect(await shown('/v1/events/ahead')).toMatchObject(both);
    const timeline = { items: expect.arrayContaining([expect.objectContaining({ key: 'ahead', ...both })]) };
    expect(await shown('/v1/policies/ferry/timeline')).toMatchObject(timeline);
    const lines = await application.importLines([corrected, corrected]);
    expect(lines.map(({ result }) => result)).toEqual(['recorded', 'repeated', undefined]);
    expect(await shown('/v1/events/ahead')).toMatchObject({ recordedAs: both });
    expect(await shown('/v1/events/ahead-fixed')).toMatchObject({ changes: { forthcoming: null, embargoed: null } });
    const disagreeing = await application.post<ProblemAnswer>(path, { ...ahead, ...both, forthcoming: false });
    expect(disagreeing.body.errors).toEqual([
      { code: 'names-disagree', pointer: '/embargoed', message: expect.stringContaining('"forthcoming"') },
    ]);
  });

  it('knows a policy by its alias wherever it is written about', async () => {
    const policy = { slug: 'tunnel', title: 'Tunnel', kind: 'scheme', jurisdiction: 'GB', aliases: ['tube'] };
    expect((await application.post('/v1/policies', policy)).status).toBe(201);
    for (const query of ['', '?dryRun=true']) {
      const body = sampleEvent('aliased', { policy: 'tube' });
      const sent = await checkedFetch(`${application.url}/v1/policies/tube/events${query}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        redirect: 'manual',
      });
      expect([sent.status, sent.headers.get('location')]).toEqual([
        308,
        `${application.url}/v1/policies/tunnel/events${query}`,
      ]);
    }
    // fetch follows a 308 with the same method and body.
    const followed = await application.post<Written>(
      '/v1/policies/tube/events',
      sampleEvent('aliased', { policy: 'tube', ...price(3) }),
    );
    expect([followed.status, followed.body.changed]).toEqual([201, ['terms.price']]);
    const [line] = await application.importLines([
      sampleEvent('imported', { policy: 'tube', alsoPolicies: ['ferry'] }),
    ]);
    expect(line).toMatchObject({ result: 'recorded' });
    expect((await application.get('/v1/events/imported')).body).toMatchObject({ policy: 'tunnel' });
    const second = await application.post<ProblemAnswer>('/v1/policies', { ...policy, slug: 'tube', aliases: [] });
    expect([second.status, second.body.errors]).toEqual([
      422,
      [{ code: 'name-taken', pointer: '/slug', message: expect.stringContaining('"tunnel"') }],
    ]);
  });

  it('withdraws a registration about which nothing is in force, and restores it', async () => {
    const policy = { slug: 'brige', title: 'Brige', kind: 'scheme', jurisdiction: 'GB', aliases: ['span'] };
    const at = '/v1/policies/brige';
    await application.post('/v1/policies', policy);
    await application.post(`${at}/events`, sampleEvent('brige-priced', { policy: 'brige', ...price(1) }));
    const retract = (key: string, target: string) =>
      application.post<Written & ProblemAnswer>(`${at}/events`, {
        key,
        type: 'record.retracted',
        policy: 'brige',
        target,
        reason: 'The slug was mistyped.',
        occurred: '2024-04-01',
        publishedAt: '2024-04-01',
        summary: 'It was registered by mistake.',
      });
    const refused = await retract('brige-withdrawn', 'registered:brige');
    expect([refused.status, refused.body.detail]).toEqual([422, expect.stringContaining('brige-priced')]);
    const before = (await retract('brige-unpriced', 'brige-priced')).body.position;
    const { status, body } = await retract('brige-withdrawn', 'registered:brige');
    expect(status).toBe(201);

    const slugs = async (query = '') =>
      (await application.get<{ items: { policy: string }[] }>(`/v1/policies${query}`)).body.items.map(
        (item) => item.policy,
      );
    expect(await slugs()).not.toContain('brige');
    expect(await slugs(`?recordedAt=@${before}`)).toContain('brige');
    for (const path of ['', '/timeline', '/history', '/stream', `/diff?from.recordedAt=@${before}&to=2025-01-01`]) {
      const gone = await application.get<ProblemAnswer>(`${at}${path}`);
      expect([path, gone.status, gone.body.detail]).toEqual([
        path,
        404,
        expect.stringContaining('withdrawn at position'),
      ]);
    }
    expect((await application.get(`${at}?recordedAt=@${before}`)).status).toBe(200);
    expect((await application.get<ProblemAnswer>(`/v1/figures?policy=brige`)).status).toBe(404);
    const patch = `/v1/diff?from.recordedAt=@${before}&to.recordedAt=@${body.position}&format=json-patch`;
    expect((await application.get(patch)).body).toEqual([{ op: 'remove', path: '/brige' }]);
    const again = await application.post<ProblemAnswer>('/v1/policies', policy);
    expect([again.status, again.body.detail]).toEqual([409, expect.stringContaining('brige-withdrawn')]);

    // So it is for who reads the tables anew, and in tables that are built anew.
    const another = await startOn(application.databaseUrl);
    expect((await clientOf(another.url).get(at)).status).toBe(404);
    await another.stop();

    const restored = await retract('brige-restored', 'brige-withdrawn');
    expect(restored.status).toBe(201);
    expect((await application.get(at)).status).toBe(200);
    expect(await slugs()).toContain('brige');
    expect((await application.get(`${at}?recordedAt=@${body.position}`)).status).toBe(404);
  });

  it('gives a name to one policy only, whatever processes want it', async () => {
    const another = await startOn(application.databaseUrl);
    const processes = [application, clientOf(another.url)] as const;
    const register = (client: (typeof processes)[number], slug: string, alias: string) =>
      client.post('/v1/policies', { slug, title: slug, kind: 'scheme', jurisdiction: 'GB', aliases: [alias] });
    const races = Array.from({ length: 8 }, (_, race) =>
      Promise.all(
        processes.map(
          async (client, index) => (await register(client, `race-${race}-${index}`, `prize-${race}`)).status,
        ),
      ),
    );
    const statuses = (await Promise.all(races)).map((race) => race.toSorted());
    await another.stop();
    expect(statuses).toEqual(races.map(() => [201, 422]));
  });
});
