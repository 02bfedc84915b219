import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  type EventBody,
  type Instant,
  type RecordedEvent,
  endOfDay,
  parseEventBody,
  parseInstant,
  position,
} from '#domain';
import { type ExpectedCoordinate, workedExample as answers } from '../../../../test/worked-example/answers.js';
import { recordedAs } from '../../../../test/support/events/recorded-event.js';
import type { Coordinate } from '../time/coordinate.js';
import { differenceBetween } from './diff.js';
import { keysInForce } from './fold.js';
import { replayPoint } from './replay.js';
import { stateDocument } from './state-document.js';

const ZONE = 'Europe/London';

const bodies: readonly EventBody[] = readFileSync(
  new URL('../../../../test/worked-example/events.ndjson', import.meta.url),
  'utf8',
)
  .split('\n')
  .filter((line) => line.includes('"key":"'))
  .filter((line) => !line.startsWith('{"policy":{'))
  .map((line) => {
    const parsed = parseEventBody(JSON.parse(line), ZONE);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.rejections));
    return parsed.body;
  });

const recorded = bodies.map((body, index) => recordedAs(body, index));

const read = (text: string): Instant => parseInstant(text) ?? endOfDay(text, ZONE);

const coordinate = ({ knownAt, validAt, recordedUpTo }: ExpectedCoordinate, events = recorded): Coordinate => ({
  recorded: events.find(({ key }) => key === recordedUpTo)?.position ?? position(events.length),
  knownAt: read(knownAt),
  validAt: read(validAt),
});

const eventsOf = (policy: string, events: readonly RecordedEvent[] = recorded) =>
  events.filter(({ body }) => body.policy === policy);

function shown(policy: string, at: Coordinate, events: readonly RecordedEvent[] = recorded) {
  const { state } = replayPoint(eventsOf(policy, events), at);
  const listed = (field: string): boolean => /^(status|terms\.)/.test(field);
  return {
    state: stateDocument([...state.facts.values()].filter(({ field }) => listed(field))),
    uncertain: state.uncertain
      .filter(({ field }) => listed(field))
      .map(({ field, value, event }) => ({ field, value, event })),
    events: keysInForce(state),
  };
}

describe('the worked example, folded', () => {
  it.each(answers.states.map((expected) => [`${expected.policy}: ${expected.about}`, expected] as const))(
    '%s',
    (_about, expected) => {
      expect(shown(expected.policy, coordinate(expected.coordinate))).toEqual({
        state: expected.state,
        uncertain: expected.uncertain,
        events: expected.events,
      });
    },
  );

  it.each(answers.diffs.map((expected) => [`${expected.policy}: ${expected.about}`, expected] as const))(
    'diff of %s',
    (_about, expected) => {
      const events = eventsOf(expected.policy);
      const { changes, added, removed } = differenceBetween(
        replayPoint(events, coordinate(expected.from)),
        replayPoint(events, coordinate(expected.to)),
      );
      const listed = changes.filter(({ field }) => /^(status|terms\.)/.test(field));
      expect(listed.map(({ causes: _causes, ...change }) => ({ policy: expected.policy, ...change }))).toEqual(
        expected.changes,
      );
      expect({ added, removed }).toEqual({ added: expected.added, removed: expected.removed });
    },
  );

  it('shows the same at the latest position when the lines are recorded in the opposite order, targets first', () => {
    const pending = [...bodies].reverse();
    const reversed: RecordedEvent[] = [];
    while (pending.length > 0) {
      const index = pending.findIndex(
        ({ target }) => target === undefined || reversed.some(({ key }) => key === target),
      );
      for (const body of pending.splice(index, 1)) reversed.push(recordedAs(body, reversed.length));
    }
    for (const { policy, coordinate: expected, state, uncertain, events } of answers.states.filter(
      (each) => !each.coordinate.recordedUpTo,
    ))
      expect(shown(policy, coordinate(expected, reversed), reversed)).toEqual({ state, uncertain, events });
  });
});
