import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { checkedFetch } from '../../support/http/checked-fetch.js';
import { eventually } from '../../support/eventually.js';
import { type TestApplication, runApplication } from '../running-application.js';

interface Status {
  readonly name: string;
  readonly position: number;
  readonly lagEvents: number;
  readonly state: string;
  readonly rebuild: { readonly state: string; readonly isEqual: boolean | null } | null;
  readonly setAside: readonly object[];
}

interface Problem {
  readonly type: string;
  readonly detail: string;
}

interface Timeline {
  readonly items: readonly { readonly note?: unknown }[];
}

const announcement = {
  key: 'ferry-announced',
  type: 'policy.announced',
  policy: 'ferry',
  occurred: '2024-03-05',
  publishedAt: '2024-03-05',
  summary: 'A free ferry was announced.',
  note: 'From the morning edition.',
  epistemic: 'confirmed',
  sources: [{ publisher: 'River Post', title: 'Ferry', publishedAt: '2024-03-05', genre: 'news' }],
};

describe('the read models, to their operators', () => {
  let application: TestApplication;
  beforeAll(async () => {
    application = await runApplication();
    await application.post('/v1/policies', { slug: 'ferry', title: 'Ferry', kind: 'scheme', jurisdiction: 'GB' });
  });
  afterAll(() => application.stop());

  const statusOf = async (name: string): Promise<Status | undefined> => {
    const { body } = await application.get<{ readonly items: readonly Status[] }>('/v1/projections');
    return body.items.find((each) => each.name === name);
  };
  const remove = async (path: string): Promise<{ readonly status: number; readonly body: Problem }> => {
    const answer = await checkedFetch(`${application.url}${path}`, { method: 'DELETE' });
    return { status: answer.status, body: (await answer.json()) as Problem };
  };

  it('say how far they have come', async () => {
    await eventually('figures are level', async () => (await statusOf('figures'))?.position === 1);
    expect(await statusOf('figures')).toMatchObject({ lagEvents: 0, state: 'running', rebuild: null, setAside: [] });
    const metrics = await (await checkedFetch(`${application.url}/metrics`)).text();
    expect(metrics).toContain('policy_timeline_projection_lag_events{projection="figures"} 0');
  });

  it('are rebuilt on demand, beside what is in use', async () => {
    const asked = await application.post<Status>('/v1/projections/figures/rebuild', {});
    expect(asked.status).toBe(202);
    expect(asked.body.rebuild).not.toBeNull();
    await eventually('it is done', async () => (await statusOf('figures'))?.rebuild?.state === 'done');
    expect((await statusOf('figures'))?.rebuild?.isEqual).toBe(true);
    expect(await remove('/v1/projections/figures/replaced')).toEqual({
      status: 200,
      body: { dropped: ['figure_supersessions', 'figures'] },
    });
  });

  it('give a pinned answer another tag when they are restated, since its bytes may differ', async () => {
    const recorded = await application.post('/v1/policies/ferry/events', announcement);
    expect(recorded.status).toBe(201);
    const pinned = '/v1/policies/ferry/timeline?recordedAt=@2&knownAt=2025-01-01&validAt=2025-01-01';
    const before = await application.get<Timeline>(pinned);
    const headers = { 'if-none-match': before.headers.get('etag') ?? '' };
    expect(before.body.items.map(({ note }) => note)).toEqual(['From the morning edition.']);
    expect((await application.get(pinned, headers)).status).toBe(304);
    const cited = await application.post<{ readonly id: string }>('/v1/citations', { url: pinned });
    expect(cited.status).toBe(201);
    const administrator = new pg.Client({ connectionString: application.databaseUrl });
    await administrator.connect();
    await administrator.query('DELETE FROM log.erasable');
    await administrator.end();
    await application.post('/v1/projections/timeline/rebuild', {});
    await eventually('it is done', async () => (await statusOf('timeline'))?.rebuild?.state === 'done');
    expect((await statusOf('timeline'))?.rebuild?.isEqual).toBe(false);
    await eventually('it is told', async () => (await application.get(pinned, headers)).status === 200);
    const after = await application.get<Timeline>(pinned, headers);
    expect(after.body.items.map(({ note }) => note)).toEqual([{ erased: true }]);
    const citation = await application.get(`/c/${cited.body.id}`);
    expect(citation.body).toMatchObject({ holds: false, reproduced: false, why: [{ code: 'erased' }] });
  });

  it('refuse what is not there', async () => {
    const unknown = await application.post<Problem>('/v1/projections/nothing/rebuild', {});
    expect(unknown).toMatchObject({ status: 404, body: { type: 'urn:policy-timeline:problem:unknown-projection' } });
    expect(await remove('/v1/projections/nothing/rebuild')).toMatchObject({ status: 404 });
    expect(await remove('/v1/projections/actors/rebuild')).toMatchObject({
      status: 409,
      body: { type: 'urn:policy-timeline:problem:no-rebuild' },
    });
    const path = '/v1/projections/figures/set-aside/some-event/retry';
    expect(await application.post<Problem>(path, { reason: 'It may go now.' })).toMatchObject({
      status: 404,
      body: { type: 'urn:policy-timeline:problem:not-set-aside' },
    });
    expect(await application.post<Problem>(path, {})).toMatchObject({ status: 422 });
  });
});
