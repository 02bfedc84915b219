import { describe, expect, it } from '@jest/globals';
import { type GraphEvent, RecordGraph } from './record-graph.js';
import { RECORDS_ABOUT, TARGETS_DEEP, limitFaults } from './recorded-limits.js';

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

const graphOf = (...events: readonly GraphEvent[]): RecordGraph => {
  const graph = new RecordGraph();
  for (const each of events) graph.add(each);
  return graph;
};

const faults = (next: GraphEvent, graph: RecordGraph): readonly string[] =>
  limitFaults(next, graph).map(({ code, pointer }) => `${code} ${pointer}`);

describe('the graph of what is about what', () => {
  const graph = graphOf(
    event('e0'),
    event('e1'),
    ...chainOf(3),
    about('s1', 'e0', 'source.attached'),
    about('t1', 'e1'),
  );

  it('knows how deep a record lies, and what it is about in the end', () => {
    expect(['e0', 'r1', 'r2', 'r3', 's1'].map((key) => graph.depthOf(key))).toEqual([0, 1, 2, 3, 1]);
    expect(['e0', 'r3', 's1', 't1'].map((key) => graph.subjectOf(key))).toEqual(['e0', 'e0', 'e0', 'e1']);
    expect(['e0', 'r1', 'r3'].map((key) => graph.targetOf(key))).toEqual([undefined, 'e0', 'r2']);
  });

  it('counts all records about an event, directly or through others', () =>
    expect(['e0', 'e1'].map((key) => graph.countAbout(key))).toEqual([4, 1]));

  it('answers the records about an event, each before what is about it', () => {
    const tree = graph.treeOf('e0');
    expect([...tree].sort()).toEqual(['e0', 'r1', 'r2', 'r3', 's1']);
    expect(tree.indexOf('r1')).toBeLessThan(tree.indexOf('r2'));
    expect(graph.treeOf('r2')).toEqual(['r2', 'r3']);
  });

  it('takes what it does not know for an event that nothing is about', () => {
    expect([graph.has('unknown'), graph.depthOf('unknown'), graph.countAbout('unknown')]).toEqual([false, 0, 0]);
    expect([graph.subjectOf('unknown'), graph.treeOf('unknown')]).toEqual(['unknown', ['unknown']]);
  });

  it('takes a key once', () => {
    const twice = graphOf(event('e0'), event('e1'), about('r1', 'e0'), about('r1', 'e1'));
    expect([twice.subjectOf('r1'), twice.countAbout('e1'), twice.size]).toEqual(['e0', 0, 3]);
  });

  it('leaves out acts of operators', () => {
    const parked = graphOf(event('e0'), about('p', 'e0', 'operation.event-parked'));
    expect([parked.has('p'), parked.countAbout('e0'), parked.size]).toEqual([false, 0, 1]);
  });
});

describe('an event counts as retracted', () => {
  it.each([
    [0, false],
    [1, true],
    [2, false],
    [3, true],
  ])('after a chain of %d retractions: %j', (length, isRetracted) =>
    expect(graphOf(event('e0'), ...chainOf(length)).isRetracted('e0')).toBe(isRetracted),
  );

  it('while one of several retractions is in force', () => {
    const graph = graphOf(event('e0'), about('a', 'e0'), about('b', 'e0'), about('not-a', 'a'));
    expect(graph.isRetracted('e0')).toBe(true);
    graph.add(about('not-b', 'b'));
    expect(graph.isRetracted('e0')).toBe(false);
  });

  it('by no correction and no source', () =>
    expect(
      graphOf(event('e0'), about('c', 'e0', 'record.corrected'), about('s', 'e0', 'source.attached')).isRetracted('e0'),
    ).toBe(false));
});

describe('a graph over another', () => {
  it('has all that the other has, and changes nothing in it', () => {
    const graph = graphOf(event('e0'), ...chainOf(2));
    const trial = new RecordGraph(graph);
    trial.add(about('r3', 'r2'));
    trial.add(about('s1', 'e0'));
    expect([trial.depthOf('r3'), trial.subjectOf('r3'), trial.countAbout('e0')]).toEqual([3, 'e0', 4]);
    expect([...trial.treeOf('e0')].sort()).toEqual(['e0', 'r1', 'r2', 'r3', 's1']);
    expect([graph.has('r3'), graph.countAbout('e0'), graph.treeOf('r1')]).toEqual([false, 2, ['r1', 'r2']]);
  });

  it('judges what is retracted for itself', () => {
    const graph = graphOf(event('e0'), about('r', 'e0'), about('undone', 'r'));
    expect(graph.isRetracted('e0')).toBe(false);
    const trial = new RecordGraph(graph);
    expect(trial.isRetracted('e0')).toBe(false);
    trial.add(about('last', 'e0'));
    expect([trial.isRetracted('e0'), graph.isRetracted('e0')]).toEqual([true, false]);
  });
});

describe('the limits of a record that is beyond them already', () => {
  it('hold back nothing else', () => {
    const graph = graphOf(event('e0'), event('e1'), ...chainOf(20_000));
    expect(faults(about('next', 'r20000'), graph)).toEqual([
      'target-chain-too-long /target',
      'too-many-records-about /target',
    ]);
    expect(faults(about('next', 'e1'), graph)).toEqual([]);
    expect(faults(event('e2'), graph)).toEqual([]);
  });

  it('hold back no operator', () => {
    const graph = graphOf(event('e0'), ...chainOf(TARGETS_DEEP + RECORDS_ABOUT));
    expect(faults(about('next', `r${TARGETS_DEEP}`, 'operation.event-parked'), graph)).toEqual([]);
  });
});
