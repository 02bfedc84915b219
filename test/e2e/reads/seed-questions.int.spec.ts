import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Difference, Event, List, ProblemAnswer, Read, State } from './answers.js';
import { runApplication, type TestApplication } from '../running-application.js';

interface Question {
  readonly id: string;
  readonly kind: string;
  readonly question: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly answer: Readonly<Record<string, never>>;
}

/** A question of kind `state`: the fields of the state that are asked for, what set its status, what is uncertain. */
interface StateAnswer {
  readonly state: Readonly<Record<string, unknown>>;
  readonly because?: string;
  readonly uncertain?: Readonly<Record<string, unknown>>;
}

const questions: readonly Question[] = JSON.parse(
  readFileSync(new URL('./seed-questions.json', import.meta.url), 'utf8'),
);

const asked = (kind: string): readonly (readonly [string, Question])[] =>
  questions.filter((question) => question.kind === kind).map((question) => [question.question, question]);

/** What the file answers to a question, in the shape that the question's answer has. */
function answerTo<Answer>(id: string): Answer {
  const found = questions.find((question) => question.id === id);
  if (found === undefined) throw new Error(`No question ${id}.`);
  return found.answer as unknown as Answer;
}

interface EventIndex extends Read {
  readonly count: number;
  readonly policies: readonly { readonly slug: string }[];
  readonly columns: Readonly<Record<'position' | 'knownFrom' | 'policy', readonly number[]>> & {
    readonly key: readonly string[];
  };
}

interface FigureRow {
  readonly event: string;
  readonly value: number;
  readonly comparator: string;
  readonly period: string;
  readonly knownFrom: string;
}

/** Of so many sources one is looked at: of each, where a run may take its time. */
const ONE_SOURCE_IN = Number(process.env['ONE_SOURCE_IN'] ?? 48);

describe('questions an analyst asks of the seeds', () => {
  let application: TestApplication;
  beforeAll(async () => {
    application = await runApplication({ SEEDS: 'seeds' });
  });
  afterAll(() => application.stop());

  const get = async <Body>(path: string): Promise<Body> => {
    const { status, body } = await application.get<Body>(path);
    expect({ path, status }).toEqual({ path, status: 200 });
    return body;
  };
  const keys = (list: List<{ readonly key: string }>): readonly string[] => list.items.map(({ key }) => key);
  const timeline = (policy: string, query: string) =>
    get<List<Event>>(`/v1/policies/${policy}/timeline?limit=1000&${query}`);
  const stateOf = (policy: string, query: string) => get<State>(`/v1/policies/${policy}?explain=true&${query}`);

  it('has an index of all events, with what the pages say', async () => {
    const query = 'knownAt=2025-07-08&order=published';
    const index = await get<EventIndex>(`/v1/events?shape=index&${query}`);
    const { items } = await get<List<Event>>(`/v1/events?limit=1000&${query}`);
    const { key, position, knownFrom, policy } = index.columns;
    expect(items.length).toBeGreaterThan(100);
    expect(index.count).toBe(items.length);
    expect(key.map((each, at) => [each, position[at], knownFrom[at], index.policies[policy[at] ?? -1]?.slug])).toEqual(
      items.map((event) => [event.key, event.position, Date.parse(event.knownFrom), event.policy]),
    );
    const again = await get<EventIndex>(index.permalink.slice(index.permalink.indexOf('/v1')));
    expect(again.columns).toEqual(index.columns);
  });

  it.each([
    ['shape=index&limit=100', 'limit'],
    ['shape=index&cursor=WzEsMSwxLDEsImEiXQ', 'cursor'],
    ['shape=circle', 'shape'],
  ])('refuses an index with %s', async (query, name) => {
    const { status, body } = await application.get<ProblemAnswer>(`/v1/events?${query}`);
    expect([status, body.errors?.map(({ pointer }) => pointer)]).toEqual([400, [`/query/${name}`]]);
  });

  it.each(asked('state'))('%s', async (_question, { params, answer }) => {
    const { policy, knownAt, validAt = knownAt } = params;
    const { state, because, uncertain = {} } = answer as unknown as StateAnswer;
    const told = await stateOf(String(policy), `knownAt=${String(knownAt)}&validAt=${String(validAt)}`);
    expect(Object.fromEntries(Object.keys(state).map((field) => [field, told.state[field] ?? null]))).toEqual(state);
    if (because !== undefined) expect(told.blame?.['status']?.event).toBe(because);
    for (const [field, value] of Object.entries(uncertain))
      expect(told.uncertain).toContainEqual(expect.objectContaining({ field, value }));
  });

  it.each(asked('latest-figure'))('%s', async (_question, { params, answer }) => {
    for (const [day, latest] of Object.entries(answer)) {
      const { items } = await get<List<FigureRow>>(
        `/v1/figures?limit=1000&measure=${String(params['measure'])}&knownAt=${day}`,
      );
      const [told] = items.toSorted(
        (one, other) => other.knownFrom.localeCompare(one.knownFrom) || other.period.localeCompare(one.period),
      );
      const { value, qualifier, event } = latest;
      expect({ day, ...told }).toMatchObject({ day, value, comparator: qualifier, event });
    }
  });

  it('what was known about one-in-one-out two days before the summit', async () => {
    const { ids, status, signingPlannedFor } = answerTo<{ ids: string[]; status: string; signingPlannedFor: string }>(
      'q03',
    );
    const events = await timeline('uk-france-one-in-one-out', 'knownAt=2025-07-08');
    expect([...keys(events)].sort()).toEqual([...ids].sort());
    const { state } = await stateOf('uk-france-one-in-one-out', 'knownAt=2025-07-08');
    expect(state.status).toBe(status);
    expect(JSON.stringify(state['plans'])).toContain(signingPlannedFor);
  });

  it('whether the letter of the five was already known the day before it was reported', async () => {
    const { firstKnown, occurredAt } = answerTo<{ firstKnown: string; occurredAt: string }>('q05');
    expect((await application.get('/v1/events/med5-letter-to-commission?knownAt=2025-06-26')).status).toBe(404);
    const letter = await get<Event>(`/v1/events/med5-letter-to-commission?knownAt=${firstKnown}`);
    expect(letter).toMatchObject({ occurred: occurredAt, publishedAt: firstKnown });
  });

  it('what changed in our knowledge of one-in-one-out over the summit', async () => {
    const { added, statusFrom, statusTo } = answerTo<{ added: string[]; statusFrom: string; statusTo: string }>('q09');
    const diff = await get<Difference>('/v1/policies/uk-france-one-in-one-out/diff?from=2025-07-08&to=2025-07-12');
    expect([...diff.added].sort()).toEqual([...added].sort());
    expect(diff.removed).toEqual([]);
    expect(diff.changes.find(({ field }) => field === 'status')).toMatchObject({ before: statusFrom, after: statusTo });
  });

  it('the history of the Rwanda scheme in order of occurrence, retellings at the place of what they tell', async () => {
    const { ids } = answerTo<{ ids: string[] }>('q14');
    expect(keys(await timeline('rwanda-scheme', 'knownAt=2023-09-14&order=occurred'))).toEqual(ids);
  });

  it('how the stated status of French shallow-water powers moved', async () => {
    const { timeline: moves } = answerTo<{ timeline: [string, string][] }>('q21');
    const events = await timeline('french-maritime-doctrine', 'knownAt=2025-07-12');
    expect(
      events.items.filter(({ status }) => typeof status === 'string').map(({ status, key }) => [status, key]),
    ).toEqual(moves);
  });

  it('which statements dispute which claims', async () => {
    const { pairs } = answerTo<{ pairs: [string, string][] }>('q33');
    const events = await get<List<Event>>('/v1/events?limit=1000');
    const disputes = events.items.flatMap(({ key, links = [] }) =>
      links.filter(({ rel }) => rel === 'disputes').map(({ to }) => [key, to]),
    );
    expect(disputes.map(String).sort()).toEqual(pairs.map(String).sort());
  });

  it('how the Rwanda flights stood, whatever was recorded or published last', async () => {
    const { status, because, lastPublished } = answerTo<{ status: string; because: string; lastPublished: string }>(
      'q38',
    );
    const events = await timeline('rwanda-scheme', 'knownAt=2023-09-14&order=published');
    expect(keys(events)).toContain(lastPublished);
    expect(keys(events).indexOf(lastPublished)).toBeGreaterThan(keys(events).indexOf(because));
    const { state, blame } = await stateOf('rwanda-scheme', 'knownAt=2023-09-14');
    expect([state.status, blame?.['status']?.event]).toEqual([status, because]);
  });

  it('what had been paid to Rwanda by May 2023, with and without hindsight', async () => {
    const diff = await get<Difference>(
      '/v1/policies/rwanda-scheme/diff?from=2023-10-09&from.validAt=2023-05-01&to=2023-12-08&to.validAt=2023-05-01',
    );
    const paid = diff.changes.find(({ field }) => field === 'funding.rwanda-100m-paid-april-2023');
    expect(paid).toMatchObject({
      before: null,
      after: { standing: 'paid', value: 100_000_000, unit: 'GBP' },
      why: 'published',
      causes: ['rwanda-100m-paid-april-2023'],
    });
    expect(diff.changes.map(({ field }) => field)).not.toContain('status');
  });

  it('when what was told as "2024" had happened, dated by what was told at the time', async () => {
    const figure = 'people-relocated-to-rwanda.labour-scrapped-rwanda';
    const relocated = async (validAt: string) => {
      const { state, uncertain } = await stateOf('rwanda-scheme', `knownAt=2025-04-16&validAt=${validAt}`);
      expect(uncertain.map(({ field }) => field)).not.toContain(`figures.${figure}`);
      return Object.keys(Object(state['figures'])).includes(figure);
    };
    expect([await relocated('2024-07-05'), await relocated('2024-07-06')]).toEqual([false, true]);
  });

  it('what became known about the French maritime doctrine, and how its status moved', async () => {
    const diff = await get<Difference>('/v1/policies/french-maritime-doctrine/diff?from=2025-05-16&to=2025-07-07');
    expect([...diff.added].sort()).toEqual(
      [
        'retailleau-wants-action-within-300m',
        'cooper-french-cabinet-agrees-on-change',
        'french-police-slash-dinghy',
        'ministers-angered-by-idle-police-footage',
        'no10-hails-dinghy-slashing',
        'french-authorities-call-slashing-one-off',
        'starmer-expected-to-press-shallow-water-tactics',
        'ministers-hope-for-maritime-doctrine',
      ].sort(),
    );
    expect(diff.removed).toEqual([]);
    expect(diff.changes.find(({ field }) => field === 'status')).toMatchObject({
      before: 'in-preparation',
      after: 'sought',
    });
  });

  it('which figures conflict, and which only seem to', async () => {
    const { items } = await get<List<{ event: string; conflictsWith: readonly string[] }>>(
      '/v1/figures?limit=1000&knownAt=2025-07-12',
    );
    const conflicts = items.flatMap(({ event, conflictsWith }) =>
      conflictsWith.map((other) => [event, other].sort().join(' / ')),
    );
    expect([...new Set(conflicts)].sort()).toEqual([
      'cooper-puts-rwanda-cost-at-700m / rwanda-240m-paid-said-press',
      'cooper-puts-rwanda-cost-at-700m / rwanda-270m-paid-said-telegraph',
      'illegal-working-arrests-6400 / illegal-working-arrests-said-to-double',
      'interviewer-182000-share / sunak-100000-a-year-claim',
      'rwanda-240m-paid-said-press / rwanda-270m-paid-said-telegraph',
      'small-boats-2022-45728-said-mail / small-boats-2022-45774-revised',
      'small-boats-2022-45728-said-mail / small-boats-2022-45775-said-reuters',
      'small-boats-2022-45774-revised / small-boats-2022-45775-said-reuters',
      'small-boats-2025-h1-19982 / small-boats-2025-h1-over-20000',
    ]);
  });

  it('whose position moved: nobody’s on the EU returns agreement, Rwanda’s on repayment, Britain’s on the scheme', async () => {
    interface Row {
      readonly actor: string;
      readonly stance: string;
      readonly event: string;
      readonly previous: { readonly stance: string; readonly event: string } | null;
    }
    const moves = async (policy: string) =>
      (await get<List<Row>>(`/v1/positions?policy=${policy}&all=true&limit=1000&knownAt=2026-06-11`)).items
        .filter(({ stance, previous }) => previous !== null && previous.stance !== stance)
        .map(({ actor, stance, event, previous }) => [actor, previous?.stance, stance, event]);
    expect(await moves('eu-returns-agreement')).toEqual([]);
    expect(await moves('eu-solidarity-quota')).toEqual([]);
    expect(await moves('rwanda-payments')).toEqual([
      ['Rwanda', 'conditional', 'refuse', 'rwanda-refuses-refund-2024-07'],
    ]);
    expect(await moves('rwanda-scheme')).toEqual([
      ['UK government', 'support', 'oppose', 'starmer-ends-rwanda-scheme'],
    ]);
  });

  it('at what stage the negotiation with France stood', async () => {
    const expected = {
      '2025-04-16': ['open', 'uk-france-returns-talks-under-way'],
      '2025-07-08': ['open', 'uk-france-returns-talks-under-way'],
      '2025-07-12': ['agreed-in-principle', 'one-in-one-out-agreed'],
      '2025-08-04': ['ratified', 'one-in-one-out-treaty-ratified'],
      '2025-08-06': ['in-force', 'one-in-one-out-in-force'],
    };
    for (const [day, row] of Object.entries(expected)) {
      const { items } = await get<List<{ counterparty: string; stage: string; event: string }>>(
        `/v1/negotiations?policy=uk-france-one-in-one-out&knownAt=${day}`,
      );
      expect(items.map(({ counterparty, stage, event }) => [counterparty, stage, event])).toEqual([['France', ...row]]);
    }
  });

  it('which claims were disputed by then', async () => {
    const { items } = await get<List<{ event: string }>>('/v1/claims?standing=disputed&limit=1000&knownAt=2025-07-12');
    const disputed = items.map(({ event }) => event);
    expect(disputed).toEqual(
      expect.arrayContaining([
        'braverman-millions-claim',
        'interviewer-182000-share',
        'labour-claims-borders-out-of-control',
        'no10-hails-dinghy-slashing',
      ]),
    );
    const early = await get<List<{ event: string }>>('/v1/claims?standing=disputed&limit=1000&knownAt=2023-09-14');
    expect(early.items.map(({ event }) => event)).not.toContain('no10-hails-dinghy-slashing');
  });

  it('what the agreement of July proved wrong, and when that was known', async () => {
    expect((await application.get('/v1/events/one-in-one-out-agreed?knownAt=2025-07-09')).status).toBe(404);
    expect((await stateOf('uk-france-one-in-one-out', 'knownAt=2025-07-09')).state.status).toBe('under-negotiation');
    const agreed = await get<Event>('/v1/events/one-in-one-out-agreed?knownAt=2025-07-10');
    const linked = (rel: string) =>
      agreed.links
        ?.filter((link) => link.rel === rel)
        .map(({ to }) => to)
        .sort();
    expect(agreed).toMatchObject({ occurred: '2025-07-10', publishedAt: '2025-07-11' });
    expect(agreed.attributedTo?.map(({ name }) => name)).toEqual(['LabourList guest authors']);
    expect(linked('falsifies')).toEqual(['insider-sees-progress-no-reveal', 'whitehall-expects-no-breakthrough']);
    expect(linked('fulfils')).toEqual(['starmer-planned-to-sign-at-summit']);
    expect(linked('follows')).toEqual(['commission-intervention-disrupts-talks']);
  });

  it('which countries answered on hosting a return hub, and which stayed silent', async () => {
    const { state, blame } = await stateOf('return-hubs', 'knownAt=2025-05-16');
    expect(state['hosts']).toEqual({ Albania: 'declined' });
    expect([state.status, blame?.['status']?.event]).toEqual(['exploring', 'starmer-announces-return-hubs']);
    expect(state['positions']).toMatchObject({
      'Edi Rama': 'refuse',
      Albania: 'refuse',
      'Keir Starmer': 'support',
      Kosovo: 'noncommittal',
    });
    expect(state['positions']).not.toHaveProperty('North Macedonia');
    const events = await timeline('return-hubs', 'knownAt=2025-05-16');
    expect([...keys(events)].sort()).toEqual([
      'albania-declines-return-hub',
      'mickoski-no-formal-hub-talks',
      'osmani-open-to-discuss-hub',
      'philp-calls-tirana-visit-embarrassment',
      'rama-rules-out-british-hub',
      'return-hubs-talks-under-way',
      'starmer-announces-return-hubs',
      'starmer-discusses-hubs-at-epc',
      'starmer-hubs-extra-tool',
      'starmer-mickoski-readout-silent-on-hubs',
      'western-balkans-hosts-mooted',
    ]);
  });

  it('which events about other policies touch the Rwanda scheme', async () => {
    const primary = keys(await timeline('rwanda-scheme', 'knownAt=2025-07-12'));
    const any = keys(await timeline('rwanda-scheme', 'knownAt=2025-07-12&scope=any'));
    expect(any.filter((key) => !primary.includes(key)).sort()).toEqual([
      'border-bill-introduced',
      'kagame-rwanda-money-could-be-returned',
      'labour-nca-powers-and-border-unit-plan',
      'officials-say-exchange-could-deter',
      'picard-no-duty-to-refund',
      'rwanda-no-obligation-to-refund-2024-01',
      'rwanda-refuses-refund-2024-07',
      'sunak-stop-the-boats-priority',
      'uk-no-plan-to-reclaim-rwanda-money',
    ]);
    expect((await stateOf('treaty-withdrawal', 'knownAt=2025-07-12')).state).toEqual({});
  });

  it('what became of what was promised, by both engines and in pages', async () => {
    interface PromiseItem {
      readonly promise: string;
      readonly kind: string;
      readonly state: string;
      readonly because: readonly string[];
    }
    const day = 'knownAt=2026-07-01';
    const { items } = await get<List<PromiseItem>>(`/v1/promises?limit=1000&${day}`);
    expect(
      Object.fromEntries(items.map(({ promise, state, because }) => [promise, [state, ...because].join(' ')])),
    ).toEqual({
      'sunak-sets-backlog-target': 'missed legacy-backlog-4537-remain',
      'dunkirk-removal-centre-planned': 'pending',
      'starmer-expected-to-press-shallow-water-tactics': 'overdue',
      'french-ministry-confirms-one-for-one-pilot': 'pending',
      'starmer-planned-to-sign-at-summit': 'met one-in-one-out-agreed',
      'home-office-pilot-planned-for-2025': 'met one-in-one-out-first-detentions',
      'whitehall-expects-no-breakthrough': 'missed one-in-one-out-agreed',
      'one-in-one-out-extended-to-autumn': 'pending',
      'rwanda-50m-expected-2024-25': 'met rwanda-290m-paid',
      'sunak-flights-in-10-to-12-weeks': 'replaced sunak-no-rwanda-flight-before-election',
      'sunak-no-rwanda-flight-before-election': 'dropped starmer-ends-rwanda-scheme',
      'rwanda-hearing-set-for-18-march': 'met rwanda-states-its-case-at-the-hague',
      'officials-expect-no-fall-before-2026': 'due',
    });
    const replayed = await get<List<PromiseItem>>(`/v1/promises?limit=1000&engine=replay&${day}`);
    expect(replayed.items).toEqual(items);
    const paged: PromiseItem[] = [];
    for (let next: string | null = '', pages = 0; next !== null && pages < 10; pages += 1) {
      const cursor: string = next === '' ? day : `cursor=${encodeURIComponent(next)}`;
      const page: List<PromiseItem> & { readonly next: string | null } = await get(`/v1/promises?limit=3&${cursor}`);
      paged.push(...page.items);
      next = page.next;
    }
    expect(paged).toEqual(items);
    const before = await get<List<PromiseItem>>('/v1/promises?policy=rwanda-scheme&kind=forecast&knownAt=2024-05-01');
    expect(before.items.map(({ promise, state }) => [promise, state])).toEqual([
      ['sunak-flights-in-10-to-12-weeks', 'pending'],
    ]);
    const summary = await get<{ readonly all: object; readonly owners: readonly { readonly by: string }[] }>(
      `/v1/promises/summary?policy=uk-france-one-in-one-out&${day}`,
    );
    expect(summary.all).toMatchObject({ promises: 4, states: { met: 2, pending: 2, missed: 0 }, forecasts: 1 });
    expect(summary.owners.map(({ by }) => by)).toContain('Keir Starmer');
    const { body: calendar } = await application.get<string>(`/v1/promises.ics?${day}`, { accept: 'text/calendar' });
    expect(calendar.match(/^DTSTART.*/gm)).toEqual(
      ['20261231', '20250710', '20261130', '20261231'].map((date) => `DTSTART;VALUE=DATE:${date}`),
    );
  });

  it('who changed position, by both engines and in pages', async () => {
    interface TurnItem {
      readonly policy: string;
      readonly actor: string | null;
      readonly kind: string;
      readonly order: string;
      readonly from: { readonly event: string; readonly role: string | null };
      readonly to: { readonly event: string; readonly role: string | null };
      readonly undoes: string | null;
    }
    const day = 'knownAt=2026-07-01';
    const { items } = await get<List<TurnItem>>(`/v1/turns?limit=1000&${day}`);
    expect(items.map(({ policy, actor, kind, order, undoes }) => [policy, actor, kind, order, undoes])).toEqual([
      ['eu-returns-agreement', 'Downing Street', 'to-silence', 'uncertain', null],
      ['rwanda-scheme', 'UK government', 'reversal', 'certain', 'rwanda-medp-announced'],
      ['rwanda-payments', 'Rwanda', 'hardening', 'certain', null],
    ]);
    expect(items[1]).toMatchObject({
      from: { event: 'rwanda-medp-announced', role: 'Conservative administration' },
      to: { event: 'starmer-ends-rwanda-scheme', role: 'Labour administration' },
    });
    expect((await get<List<TurnItem>>(`/v1/turns?engine=replay&${day}`)).items).toEqual(items);
    const first = await get<List<TurnItem> & { readonly next: string | null }>(`/v1/turns?limit=2&${day}`);
    const rest = await get<List<TurnItem>>(`/v1/turns?limit=2&cursor=${encodeURIComponent(first.next ?? '')}`);
    expect([...first.items, ...rest.items]).toEqual(items);
    expect((await get<List<TurnItem>>('/v1/turns?policy=rwanda-scheme&knownAt=2024-07-05')).items).toEqual([]);
  });

  it('what would be thought without an event, or a source', async () => {
    interface Without extends State {
      readonly hypothetical?: boolean;
    }
    const day = 'knownAt=2026-07-01';
    const events = (await get<List<Event>>(`/v1/events?limit=1000&${day}`)).items;
    // Some events of each policy: what they leave is what folding all others anew gives.
    const some = events.filter((_, index) => index % 12 === 0);
    expect(some.length).toBeGreaterThan(20);
    let changed = 0;
    for (const { key, policy } of some) {
      const path = `/v1/policies/${policy}?${day}`;
      const whole = await get<Without>(path);
      const without = await get<Without>(`${path}&without=event:${key}`);
      const folded = await get<Without>(`${path}&without=event:${key}&engine=replay`);
      expect({ key, ...without.state, uncertain: without.uncertain }).toEqual({
        key,
        ...folded.state,
        uncertain: folded.uncertain,
      });
      expect([whole.hypothetical, without.hypothetical]).toEqual([undefined, true]);
      if (JSON.stringify(whole.state) !== JSON.stringify(without.state)) changed += 1;
    }
    expect(changed).toBeGreaterThan(10);
    const leftOut = 'without=event:one-in-one-out-agreed,event:starmer-ends-rwanda-scheme';
    const states = await get<List<Without>>(`/v1/policies?limit=1000&${day}&${leftOut}`);
    const one = states.items.find(({ policy }) => policy === 'uk-france-one-in-one-out');
    const again = await get<Without>(one?.permalink ?? '');
    expect(again.state).toEqual(one?.state);
    const timeline = await get<List<Event>>(`/v1/policies/rwanda-scheme/timeline?limit=1000&${day}&${leftOut}`);
    expect(timeline.items.map(({ key }) => key)).not.toContain('starmer-ends-rwanda-scheme');
    expect(timeline.items.length).toBe(keys(await timelineOf()).length - 1);
    const promises = await get<List<{ readonly promise: string; readonly state: string }>>(
      `/v1/promises?${day}&policy=uk-france-one-in-one-out&${leftOut}`,
    );
    expect(promises.items.find(({ promise }) => promise === 'starmer-planned-to-sign-at-summit')?.state).toBe(
      'overdue',
    );
    expect((await get<List<object>>(`/v1/turns?${day}&policy=rwanda-scheme&${leftOut}`)).items).toEqual([]);
    const difference = await get<Difference & { readonly hypothetical?: boolean }>(
      `/v1/policies/uk-france-one-in-one-out/diff?from=2025-07-08&to=2025-07-10&${leftOut}`,
    );
    expect(difference.hypothetical).toBe(true);
    expect(difference.added).not.toContain('one-in-one-out-agreed');
    const figures = await get<List<FigureRow>>(
      `/v1/figures?limit=1000&${day}&policy=rwanda-scheme&without=event:rwanda-cost-revised-to-715m`,
    );
    expect(figures.items.some(({ event }) => event === 'rwanda-cost-revised-to-715m')).toBe(false);
    const many = Array.from({ length: 51 }, (_, index) => `event:e${index}`).join(',');
    for (const [query, status] of [
      [`without=${many}`, 400],
      ['without=rwanda', 400],
      ['without=event:nothing-of-the-sort', 404],
      ['without=source:nothing-of-the-sort', 404],
      ['without=event:rwanda-290m-paid&proof=true', 400],
    ] as const)
      expect({ query, status: (await application.get(`/v1/policies/rwanda-scheme?${query}`)).status }).toEqual({
        query,
        status,
      });

    function timelineOf(): Promise<List<Event>> {
      return get(`/v1/policies/rwanda-scheme/timeline?limit=1000&${day}`);
    }
  });

  it(
    'what rests on an event, an actor and sources, exactly',
    async () => {
      interface Impact extends Read {
        readonly falls: readonly string[];
        readonly rests: readonly { readonly event: string; readonly depth: number }[];
        readonly alone: readonly { readonly field: string }[];
        readonly shared: readonly { readonly field: string; readonly legs: readonly string[] }[];
        readonly changed: readonly {
          readonly policy: string;
          readonly field: string;
          readonly with: unknown;
          readonly without: unknown;
        }[];
        readonly promises: readonly { readonly promise: string; readonly with: string; readonly without: string }[];
      }
      const day = 'knownAt=2026-07-01';
      const events = new Map(
        (await get<List<Event>>(`/v1/events?limit=1000&records=true&${day}`)).items.map(({ key, policy }) => [
          key,
          policy,
        ]),
      );
      const agreed = await get<Impact>(`/v1/impact?event=one-in-one-out-agreed&${day}`);
      expect(agreed.falls).toEqual(['one-in-one-out-agreed']);
      expect(agreed.promises).toContainEqual({
        promise: 'starmer-planned-to-sign-at-summit',
        with: 'met',
        without: 'overdue',
      });
      expect(agreed.rests[0]).toMatchObject({ event: 'one-in-one-out-agreed', depth: 0 });
      expect(Math.max(...agreed.rests.map(({ depth }) => depth))).toBeGreaterThan(1);
      const { rests, changed } = await get<Partial<Impact>>(
        `/v1/impact?event=one-in-one-out-agreed&${day}&parts=rests`,
      );
      expect({ rests, changed }).toEqual({ rests: agreed.rests, changed: undefined });
      expect((await get<Impact>(`/v1/impact?actor=Keir%20Starmer&${day}`)).falls.length).toBeGreaterThan(3);
      const flatAt = async (query: string): Promise<Readonly<Record<string, string>>> =>
        flat((await get<List<State>>(`/v1/policies?limit=1000&${query}`)).items);
      const whole = await flatAt(day);
      const { items: sources } = await get<List<{ readonly id: string }>>(`/v1/sources?limit=1000&${day}`);
      const ids = [...new Set(sources.map(({ id }) => id))];
      expect(ids.length).toBeGreaterThan(100);
      let fell = 0;
      for (const id of ids.filter((_, index) => index % ONE_SOURCE_IN === 0)) {
        const impact = await get<Impact>(`/v1/impact?source=${id}&${day}`);
        const foretold = { id, changed: impact.changed.map(({ policy, field }) => `${policy} ${field}`).sort() };
        const left = await flatAt(`${day}&without=source:${id}`);
        expect({ id, changed: differing(whole, left) }).toEqual(foretold);
        // What rests on the source alone is retracted, and then the retractions are.
        const retractions = impact.falls.map((key) => retractionOf(key, events.get(key) ?? ''));
        await application.importLines(retractions);
        expect({ id, changed: differing(whole, await flatAt(RETRACTED)) }).toEqual(foretold);
        await application.importLines(retractions.map(({ key, policy }) => retractionOf(key, policy)));
        fell += foretold.changed.length;
      }
      expect(differing(whole, await flatAt(RETRACTED))).toEqual([]);
      expect(fell).toBeGreaterThan(0);
      for (const [query, status] of [
        ['', 400],
        ['event=a&actor=b', 400],
        ['event=nothing-of-the-sort', 404],
        ['source=nothing-of-the-sort', 404],
        ['actor=Nobody', 404],
        ['correction=one-in-one-out-agreed', 404],
      ] as const)
        expect({ query, status: (await application.get(`/v1/impact?${query}`)).status }).toEqual({ query, status });
      const { detail } = (await application.get('/v1/impact?actor=Keir')).body as { readonly detail: string };
      expect(detail).toMatch(/^Nothing on record is the actor Keir\. Did you mean Keir Starmer\?/);
      const left = await application.get(`/v1/promises.csv?${day}&without=event:one-in-one-out-agreed`);
      expect(left.headers.get('content-disposition')).toMatch(/filename="hypothetical-promises-known-/);
    },
    60_000 + 1_500_000 / ONE_SOURCE_IN,
  );

  it('are answered alike to the byte, from the facts, again from memory, among others, and by replay', async () => {
    for (const day of ['2024-08-01', '2025-08-06']) {
      const { items } = await get<List<State>>(`/v1/policies?limit=100&knownAt=${day}`);
      expect(items.some(({ state }) => state['figures'] !== undefined)).toBe(true);
      for (const item of items) {
        const path = `/v1/policies/${item.policy}?knownAt=${day}`;
        const paths = [path, path, path, `${path}&engine=replay`];
        for (const one of paths) expect(JSON.stringify((await get<State>(one)).state)).toBe(JSON.stringify(item.state));
      }
    }
  });
});

/** The retractions made by these tests are known then, and the question is still about the same day. */
const RETRACTED = 'knownAt=2026-11-02&validAt=2026-07-01';

const retractionOf = (target: string, policy: string) => ({
  key: `${target}-retracted`.slice(-90),
  type: 'record.retracted',
  policy,
  occurred: '2026-11-01',
  publishedAt: '2026-11-01',
  target,
  summary: 'It was a mistake.',
  reason: 'What it rested on fell.',
});

/** The fields of a list of states, each as text. */
const flat = (list: readonly State[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    list.flatMap(({ policy, state }) =>
      Object.entries(state).flatMap(([group, value]) =>
        group === 'status' || typeof value !== 'object' || value === null
          ? [[`${policy} ${group}`, JSON.stringify(value)]]
          : Object.entries(value).map(([name, each]) => [`${policy} ${group}.${name}`, JSON.stringify(each)]),
      ),
    ),
  );

const differing = (one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): readonly string[] =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((field) => one[field] !== other[field]).sort();
