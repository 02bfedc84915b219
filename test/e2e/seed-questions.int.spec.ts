import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Difference, Event, List, State } from './answers.js';
import { runApplication, type RunningApplication } from './running-application.js';

interface Question {
  readonly id: string;
  readonly question: string;
  readonly answer: Readonly<Record<string, never>>;
}

const questions: readonly Question[] = JSON.parse(
  readFileSync(new URL('./seed-questions.json', import.meta.url), 'utf8'),
);

/** What the file answers to a question, in the shape that the question's answer has. */
function answerTo<Answer>(id: string): Answer {
  const found = questions.find((question) => question.id === id);
  if (found === undefined) throw new Error(`No question ${id}.`);
  return found.answer as unknown as Answer;
}

describe('questions an analyst asks of the seeds', () => {
  let application: RunningApplication;
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
    expect((await application.get('/v1/events/med5-letter-to-commission?knownAt=2025-07-06')).status).toBe(404);
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

  it('the history of the Rwanda scheme in order of occurrence', async () => {
    const { ids, cancellationDate, cancellationEvents } = answerTo<{
      ids: string[];
      cancellationDate: string;
      cancellationEvents: string[];
    }>('q14');
    const events = await timeline('rwanda-scheme', 'knownAt=2025-07-12&order=occurred');
    expect(keys(events)).toEqual(ids);
    const dates = events.items.filter(({ key }) => cancellationEvents.includes(key)).map(({ occurred }) => occurred);
    expect(dates).toContain(cancellationDate);
  });

  it('how the stated status of French shallow-water powers moved', async () => {
    const { timeline: moves } = answerTo<{ timeline: [string, string][] }>('q21');
    const events = await timeline('french-maritime-doctrine', 'knownAt=2025-07-12');
    expect(
      events.items.filter(({ status }) => typeof status === 'string').map(({ status, key }) => [status, key]),
    ).toEqual(moves);
  });

  it('which total of small boats was the latest known on three days', async () => {
    const answers = answerTo<Record<string, { value: number; qualifier: string; event: string }>>('q25');
    for (const [day, { value, qualifier, event }] of Object.entries(answers)) {
      const rows = await Promise.all(
        ['small-boat-arrivals-ytd', 'small-boat-arrivals-h1'].map((measure) =>
          get<List<{ event: string; value: number; comparator: string; period: string; knownFrom: string }>>(
            `/v1/figures?policy=small-boat-crossings&measure=${measure}&knownAt=${day}`,
          ),
        ),
      );
      const of2025 = rows.flatMap(({ items }) => items).filter(({ period }) => period.includes('2025'));
      const [latest] = of2025.toSorted(
        (one, other) => other.knownFrom.localeCompare(one.knownFrom) || other.value - one.value,
      );
      expect(latest).toMatchObject({ value, comparator: qualifier, event });
    }
  });

  it('which statements dispute which claims', async () => {
    const { pairs } = answerTo<{ pairs: [string, string][] }>('q33');
    const events = await get<List<Event>>('/v1/events?limit=1000');
    const disputes = events.items.flatMap(({ key, links = [] }) =>
      links.filter(({ rel }) => rel === 'disputes').map(({ to }) => [key, to]),
    );
    expect(disputes.map(String).sort()).toEqual(pairs.map(String).sort());
  });

  it('where one-in-one-out stands in the end, whatever the order of recording', async () => {
    const { status } = answerTo<{ status: string }>('q38');
    expect((await stateOf('uk-france-one-in-one-out', 'knownAt=2025-07-12')).state.status).toBe(status);
  });

  it('what was known about the Rwanda scheme in April 2025', async () => {
    const events = await timeline('rwanda-scheme', 'knownAt=2025-04-16');
    expect(keys(events)).toEqual([
      'rwanda-flights-held-by-courts',
      'labour-would-scrap-rwanda',
      'rwanda-stalled-by-legal-challenges',
      'labour-scrapped-rwanda',
      'conservatives-say-rwanda-was-deterrent',
    ]);
    const { state, blame } = await stateOf('rwanda-scheme', 'knownAt=2025-04-16');
    expect([state.status, blame?.['status']?.event]).toEqual(['scrapped', 'labour-scrapped-rwanda']);
  });

  it('whether the Rwanda scheme was scrapped by August 2024, with and without hindsight', async () => {
    const before = await stateOf('rwanda-scheme', 'validAt=2024-08-01&knownAt=2025-04-16');
    expect([before.state.status, before.blame?.['status']?.event]).toEqual([
      'blocked',
      'rwanda-flights-held-by-courts',
    ]);
    expect(before.uncertain).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ field: 'status', value: 'scrapped', event: 'labour-scrapped-rwanda' }),
        expect.objectContaining({ field: 'status', value: 'blocked', event: 'rwanda-stalled-by-legal-challenges' }),
      ]),
    );
    const after = await stateOf('rwanda-scheme', 'validAt=2024-08-01&knownAt=2025-07-07');
    expect([after.state.status, after.blame?.['status']?.event]).toEqual([
      'scrapped',
      'rwanda-scrapped-starmer-first-act',
    ]);
    expect(after.uncertain.filter(({ field }) => field === 'status')).toEqual([]);
    const diff = await get<Difference>(
      '/v1/policies/rwanda-scheme/diff?from=2025-04-16&from.validAt=2024-08-01&to=2025-07-07&to.validAt=2024-08-01',
    );
    expect(diff.changes.find(({ field }) => field === 'status')).toMatchObject({
      before: 'blocked',
      after: 'scrapped',
      why: 'published',
    });
  });

  it('what became known about the French maritime doctrine, and how its status moved', async () => {
    const diff = await get<Difference>('/v1/policies/french-maritime-doctrine/diff?from=2025-05-16&to=2025-07-07');
    expect([...diff.added].sort()).toEqual(
      [
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
      'illegal-working-arrests-6400 / illegal-working-arrests-said-to-double',
      'interviewer-182000-share / sunak-100000-a-year-claim',
    ]);
  });

  it('whose position on the EU returns agreement moved', async () => {
    interface Row {
      readonly actor: string;
      readonly stance: string;
      readonly previous: { readonly stance: string; readonly event: string } | null;
    }
    const positions = async (day: string) =>
      (await get<List<Row>>(`/v1/positions?policy=eu-returns-agreement&limit=1000&knownAt=${day}`)).items;
    const early = await positions('2023-09-14');
    expect(early.filter(({ previous }) => previous !== null)).toEqual([]);
    expect(early.find(({ actor }) => actor === 'Keir Starmer')?.stance).toBe('noncommittal');
    const later = await positions('2025-04-16');
    expect(later.filter(({ previous }) => previous !== null)).toEqual([
      expect.objectContaining({
        actor: 'Keir Starmer',
        stance: 'support',
        event: 'starmer-sought-eu-wide-returns-2023',
        previous: { stance: 'noncommittal', event: 'starmer-times-quota-reserved-for-talks' },
      }),
    ]);
    expect(Object.fromEntries(later.map(({ actor, stance }) => [actor, stance]))).toMatchObject({
      'Keir Starmer': 'support',
      'Labour Party': 'conditional',
      'Greg Hands': 'oppose',
      'Conservative Party': 'oppose',
      'Nick Thomas-Symonds': 'support',
      'Downing Street': 'refuse',
      'Rishi Sunak': 'refuse',
    });
  });

  it('at what stage the negotiation with France stood', async () => {
    const expected = {
      '2025-04-16': ['open', 'uk-france-returns-talks-under-way'],
      '2025-07-08': ['stalled', 'commission-intervention-disrupts-talks'],
      '2025-07-12': ['agreed-in-principle', 'one-in-one-out-agreed'],
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
    expect((await application.get('/v1/events/one-in-one-out-agreed?knownAt=2025-07-10')).status).toBe(404);
    expect((await stateOf('uk-france-one-in-one-out', 'knownAt=2025-07-10')).state.status).toBe('stalled');
    const agreed = await get<Event>('/v1/events/one-in-one-out-agreed?knownAt=2025-07-11');
    const linked = (rel: string) =>
      agreed.links
        ?.filter((link) => link.rel === rel)
        .map(({ to }) => to)
        .sort();
    expect(agreed).toMatchObject({ occurred: '2025-07-10', publishedAt: '2025-07-11' });
    expect(agreed.attributedTo?.map(({ name }) => name)).toEqual(['LabourList guest authors']);
    expect(linked('falsifies')).toEqual(['insider-sees-progress-no-reveal', 'whitehall-expects-no-breakthrough']);
    expect(linked('fulfils')).toEqual(['starmer-planned-to-sign-at-summit']);
    expect(linked('supersedes')).toEqual(['commission-intervention-disrupts-talks']);
  });

  it('which countries answered on hosting a return hub, and which stayed silent', async () => {
    const { state, blame } = await stateOf('return-hubs', 'knownAt=2025-05-16');
    expect(state['hosts']).toEqual({ Albania: 'declined' });
    expect([state.status, blame?.['status']?.event]).toEqual(['exploring', 'starmer-announces-return-hubs']);
    expect(state['positions']).toMatchObject({
      'Prime Minister of Albania': 'refuse',
      Albania: 'refuse',
      'Keir Starmer': 'support',
    });
    const events = await timeline('return-hubs', 'knownAt=2025-05-16');
    expect([...keys(events)].sort()).toEqual([
      'albania-declines-return-hub',
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
    expect([primary.length, any.length]).toEqual([6, 9]);
    expect(any.filter((key) => !primary.includes(key)).sort()).toEqual([
      'labour-nca-powers-and-border-unit-plan',
      'officials-say-exchange-could-deter',
      'sunak-stop-the-boats-priority',
    ]);
    expect((await stateOf('treaty-withdrawal', 'knownAt=2025-07-12')).state).toEqual({});
  });

  it('are answered alike to the byte, from the facts, again from memory, among others, and by replay', async () => {
    const { items } = await get<List<State>>('/v1/policies?limit=100&knownAt=2024-08-01');
    expect(items.some(({ state }) => state['figures'] !== undefined)).toBe(true);
    for (const item of items) {
      const path = `/v1/policies/${item.policy}?knownAt=2024-08-01`;
      const paths = [path, path, path, `${path}&engine=replay`];
      for (const one of paths) expect(JSON.stringify((await get<State>(one)).state)).toBe(JSON.stringify(item.state));
    }
  });
});
