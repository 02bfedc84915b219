import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Difference, Event, List, State } from './answers.js';
import { parseLines, type TestApplication } from '../running-application.js';
import { type ExpectedCoordinate, workedExample as expected } from '../../worked-example/answers.js';

/** What must come out of the worked example, whatever the application is started with. */
export function describeWorkedExample(setting: string, run: () => Promise<TestApplication>): void {
  describe(`the worked example over HTTP${setting}`, () => {
    let application: TestApplication;
    const positions = new Map<string, number>();

    beforeAll(async () => {
      application = await run();
      const answers = await application.importLines(parseLines('../worked-example/events.ndjson'));
      for (const { key, position } of answers)
        if (key !== undefined && position !== undefined) positions.set(key, position);
      expect(answers.at(-1)?.summary).toMatchObject({ rejected: 0, repeated: 0 });
    });
    afterAll(() => application.stop());

    const query = ({ knownAt, validAt, recordedUpTo }: ExpectedCoordinate, prefix = ''): string =>
      new URLSearchParams({
        [`${prefix}knownAt`]: knownAt,
        [`${prefix}validAt`]: validAt,
        ...(recordedUpTo === undefined ? {} : { [`${prefix}recordedAt`]: `@${positions.get(recordedUpTo)}` }),
      }).toString();

    const named = <Case extends { readonly policy: string; readonly about: string }>(cases: readonly Case[]) =>
      cases.map((each) => [`${each.policy}: ${each.about}`, each] as const);

    const listed = (field: string): boolean => /^(status|terms\.)/.test(field);

    describe.each(['facts', 'replay'])('by the engine %s', (engine) => {
      it.each(named(expected.states))('%s', async (_about, { policy, coordinate, state, uncertain }) => {
        const { status, body } = await application.get<State>(
          `/v1/policies/${policy}?engine=${engine}&${query(coordinate)}`,
        );
        expect(status).toBe(200);
        const { status: headline, terms } = body.state;
        expect(JSON.parse(JSON.stringify({ status: headline, terms }))).toEqual(state);
        expect(
          body.uncertain
            .filter(({ field }) => listed(field))
            .map(({ field, value, event }) => ({ field, value, event })),
        ).toEqual(uncertain);
        expect(body.meta.engine).toBe(engine);
      });
    });

    it.each(named(expected.states))('the timeline of %s', async (_about, { policy, coordinate, events }) => {
      const { body } = await application.get<List<Event>>(`/v1/policies/${policy}/timeline?${query(coordinate)}`);
      expect(body.items.map(({ key }) => key)).toEqual(events);
    });

    it.each(named(expected.diffs))('the diff of %s', async (_about, { policy, from, to, changes, added, removed }) => {
      const { body } = await application.get<Difference>(
        `/v1/policies/${policy}/diff?${query(from, 'from.')}&${query(to, 'to.')}`,
      );
      const seen = body.changes.filter(({ field }) => listed(field)).map(({ causes: _causes, ...change }) => change);
      expect(seen).toEqual(changes);
      expect({ added: body.added, removed: body.removed }).toEqual({ added, removed });
      const ofPolicy = (keys: readonly string[]) => keys.map((key) => ({ policy, key }));
      expect([body.addedEvents, body.removedEvents]).toEqual([ofPolicy(added), ofPolicy(removed)]);
    });

    it.each(named(expected.diffs))(
      'the diff of %s, over all policies',
      async (_about, { policy, from, to, changes, added }) => {
        const { body } = await application.get<Difference>(`/v1/diff?${query(from, 'from.')}&${query(to, 'to.')}`);
        const seen = body.changes.filter((change) => change.policy === policy && listed(change.field));
        expect(seen.map(({ causes: _causes, ...change }) => change)).toEqual(changes);
        expect(body.addedEvents.map(({ key }) => key)).toEqual(body.added);
        expect(body.addedEvents.flatMap((event) => (event.policy === policy ? event.key : []))).toEqual(added);
      },
    );

    it('answers the same at every permalink', async () => {
      for (const { policy, coordinate } of expected.states) {
        const first = await application.get<State>(`/v1/policies/${policy}?${query(coordinate)}`);
        const again = await application.get<State>(first.body.permalink);
        expect(again.body).toEqual({ ...first.body, meta: again.body.meta });
        expect(again.body.permalink).toBe(first.body.permalink);
      }
    });
  });
}
