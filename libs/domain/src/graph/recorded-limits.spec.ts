import { describe, expect, it } from '@jest/globals';
import { type GraphEvent, RecordGraph } from './record-graph.js';
import { DATING_LINKS, RECORDS_ABOUT, TARGETS_DEEP, limitFaults } from './recorded-limits.js';

const about = (key: string, target?: string, type = 'record.retracted'): GraphEvent => ({
  key,
  type,
  target,
  parts: [],
});

const event = (key: string): GraphEvent => ({ key, type: 'policy.announced', parts: [] });

/** `length` records, each about the one before. */
const chainOf = (length: number, first = 'e0'): readonly GraphEvent[] =>
  Array.from({ length }, (_each, index) => about(`r${index + 1}`, index === 0 ? first : `r${index}`));

const given = (...events: readonly GraphEvent[]) => {
  const graph = new RecordGraph();
  for (const each of events) graph.add(each);
  return {
    when: (next: GraphEvent) => limitFaults(next, graph).map(({ code, pointer }) => `${code} ${pointer}`),
    messages: (next: GraphEvent) => limitFaults(next, graph).map(({ message }) => message),
    graph,
  };
};

describe('a record about a record', () => {
  it('is refused once the chain is as deep as it may be', () => {
    const chain = [event('e0'), ...chainOf(TARGETS_DEEP)];
    expect(given(...chain.slice(0, -1)).when(about('next', `r${TARGETS_DEEP - 1}`))).toEqual([]);
    expect(given(...chain).when(about('next', `r${TARGETS_DEEP}`))).toEqual(['target-chain-too-long /target']);
    expect(given(...chain).messages(about('next', `r${TARGETS_DEEP}`))).toEqual([
      'Records about records can be at most 32 levels deep, and "r32" is already that deep. Correct or retract "e0" itself instead.',
    ]);
    expect(given(...chain).when(about('next', `r${TARGETS_DEEP - 1}`))).toEqual([]);
  });

  it('counts for the event that all is about in the end', () => {
    const many = Array.from({ length: RECORDS_ABOUT - 3 }, (_each, index) => about(`s${index}`, 'e0'));
    const all = given(event('e0'), event('e1'), ...chainOf(3), ...many);
    expect(all.when(about('next', 'r3'))).toEqual(['too-many-records-about /target']);
    expect(all.when(about('next', 's7', 'source.attached'))).toEqual(['too-many-records-about /target']);
    expect(all.messages(about('next', 'e0'))).toEqual([
      'There are already 200 records about "e0", directly or through others; at most 200 are allowed. It is retracted: record the correct facts as a new event, under another key.',
    ]);
    expect(all.when(about('next', 'e1'))).toEqual([]);
    expect(given(event('e0'), ...chainOf(3), ...many.slice(1)).when(about('next', 'r3'))).toEqual([]);
  });

  describe('once there are as many as there can be', () => {
    const corrections = Array.from({ length: RECORDS_ABOUT - 2 }, (_each, index) =>
      about(`c${index}`, 'e0', 'record.corrected'),
    );
    const inForce = [event('e0'), ...corrections, about('r', 'e0'), about('undone', 'r')];

    it('still retracts the event itself', () => {
      expect(given(...inForce).when(about('next', 'e0'))).toEqual([]);
      expect(given(...inForce, about('last', 'e0')).when(about('next', 'e0'))).toEqual([
        'too-many-records-about /target',
      ]);
    });

    it('is refused where it says anything else', () => {
      const { when, messages } = given(...inForce);
      const others = [
        about('next', 'e0', 'record.corrected'),
        about('next', 'e0', 'source.attached'),
        about('next', 'c7'),
        about('next', 'undone'),
      ];
      for (const other of others) expect(when(other)).toEqual(['too-many-records-about /target']);
      expect(messages(about('next', 'e0', 'record.corrected'))).toEqual([
        'There are already 200 records about "e0", directly or through others; at most 200 are allowed. Retract "e0" itself, which is still possible, and record the correct facts as a new event, under another key.',
      ]);
    });

    it('takes back no retraction, so that there is an end', () => {
      const { when } = given(...inForce, about('last', 'e0'));
      for (const target of ['last', 'undone', 'r', 'e0'])
        expect(when(about('next', target))).toEqual(['too-many-records-about /target']);
    });

    it('is judged the same over another graph', () => {
      const { graph } = given(...inForce);
      expect(graph.isRetracted('e0')).toBe(false);
      const trial = new RecordGraph(graph);
      expect(trial.isRetracted('e0')).toBe(false);
      trial.add(about('last', 'e0'));
      expect([trial.isRetracted('e0'), graph.isRetracted('e0')]).toEqual([true, false]);
    });
  });

  it('is taken from an operator always, and does not count then', () => {
    const parked = Array.from({ length: RECORDS_ABOUT + 1 }, (_each, index) =>
      about(`p${index}`, 'e0', 'operation.event-parked'),
    );
    const all = given(event('e0'), ...parked, ...chainOf(TARGETS_DEEP));
    expect(all.when(about('next', 'e0'))).toEqual([]);
    expect(all.when(about('next', `r${TARGETS_DEEP}`, 'operation.event-parked'))).toEqual([]);
  });

  it('holds back nothing else where what is on record is beyond a limit already', () => {
    const { when } = given(event('e0'), event('e1'), ...chainOf(20_000));
    expect(when(about('next', 'r20000'))).toEqual(['target-chain-too-long /target', 'too-many-records-about /target']);
    expect(when(about('next', 'e1'))).toEqual([]);
    expect(when(event('e2'))).toEqual([]);
  });
});

describe('a graph over another', () => {
  it('has all that the other has, and changes nothing in it', () => {
    const { graph } = given(event('e0'), ...chainOf(2));
    const trial = new RecordGraph(graph);
    trial.add(about('r3', 'r2'));
    trial.add(about('s1', 'e0'));
    expect([trial.depthOf('r3'), trial.subjectOf('r3'), trial.countAbout('e0')]).toEqual([3, 'e0', 4]);
    expect([...trial.treeOf('e0')].sort()).toEqual(['e0', 'r1', 'r2', 'r3', 's1']);
    expect([graph.has('r3'), graph.countAbout('e0'), graph.treeOf('r1')]).toEqual([false, 2, ['r1', 'r2']]);
  });

  it('takes a key once', () => {
    const { graph } = given(event('e0'), event('e1'), about('r1', 'e0'), about('r1', 'e1'));
    expect([graph.subjectOf('r1'), graph.countAbout('e1'), graph.size]).toEqual(['e0', 0, 3]);
  });
});

describe('an event that others date', () => {
  const linking = (count: number, level = 0): GraphEvent => ({
    ...event('next'),
    parts: [
      {
        level,
        occurred: undefined,
        pointer: '/occurred',
        links: Array.from({ length: count }, (_each, index) => ({
          rel: 'follows' as const,
          to: `e${index}`,
          pointer: `/links/${index}/to`,
        })),
      },
    ],
  });

  it('is refused with more links that date than one may have, of its own or by a correction', () => {
    expect(given().when(linking(DATING_LINKS))).toEqual([]);
    expect(given().when(linking(DATING_LINKS + 2))).toEqual(['too-many-dating-links /links/20/to']);
    expect(given().when(linking(DATING_LINKS + 1, 1))).toEqual(['too-many-dating-links /links/20/to']);
    expect(given().messages(linking(DATING_LINKS + 1))).toEqual([
      'The event has 21 links follows or refines-date-of; at most 20 are allowed. Link only to the nearest events: what they follow counts as followed, too.',
    ]);
  });
});
