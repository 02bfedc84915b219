import { describe, expect, it } from '@jest/globals';
import { type Told, given } from '../../../../test/support/events/given.js';
import type { EventBody } from '../schema/event.js';
import { linksIn, policiesIn, renamePolicies } from './references.js';

const bodyOf = (told: Told): EventBody => {
  const [event] = given(told).events;
  if (!event) throw new Error('One event is one.');
  return event.body;
};

const superseded = bodyOf({
  key: 'superseded',
  type: 'policy.superseded',
  occurred: '2024-01-01',
  by: 'ferry',
  alsoPolicies: ['bridge', 'ferry'],
  links: [
    { rel: 'about', to: 'announced' },
    { rel: 'follows', to: 'paused' },
  ],
});

const corrected = bodyOf({
  key: 'corrected',
  type: 'record.corrected',
  target: 'correction',
  occurred: '2024-01-01',
  links: [{ rel: 'about', to: 'announced' }],
  changes: {
    links: [{ rel: 'about', to: 'paused' }],
    alsoPolicies: ['bridge'],
    changes: { undoes: 'ended', by: 'ferry', links: [{ rel: 'about', to: 'resumed' }] },
  },
});

describe('the events that a body names', () => {
  it('are those that it links to, and the one that it undoes', () => {
    expect(linksIn(superseded)).toEqual([
      { to: 'announced', pointer: '/links/0/to' },
      { to: 'paused', pointer: '/links/1/to' },
    ]);
    expect(linksIn(bodyOf({ key: 'r', type: 'policy.reversed', occurred: '2024-01-01', undoes: 'announced' }))).toEqual(
      [{ to: 'announced', pointer: '/undoes' }],
    );
  });

  it('are also those that a correction brings, at any depth, each where it stands', () =>
    expect(linksIn(corrected)).toEqual([
      { to: 'announced', pointer: '/links/0/to' },
      { to: 'paused', pointer: '/changes/links/0/to' },
      { to: 'resumed', pointer: '/changes/changes/links/0/to' },
      { to: 'ended', pointer: '/changes/changes/undoes' },
    ]));

  it('do not include its target', () => expect(linksIn(corrected).map(({ to }) => to)).not.toContain('correction'));

  it('are none where a correction empties the links', () =>
    expect(
      linksIn(
        bodyOf({ key: 'c', type: 'record.corrected', target: 'e', occurred: '2024-01-01', changes: { links: null } }),
      ),
    ).toEqual([]));
});

describe('the policies that a body names', () => {
  it('are its own, the others, and the one that superseded it', () =>
    expect(policiesIn(superseded)).toEqual([
      { slug: 'harbour-toll', pointer: '/policy' },
      { slug: 'bridge', pointer: '/alsoPolicies/0' },
      { slug: 'ferry', pointer: '/alsoPolicies/1' },
      { slug: 'ferry', pointer: '/by' },
    ]));

  it('are also those that a correction brings, at any depth', () =>
    expect(policiesIn(corrected)).toEqual([
      { slug: 'harbour-toll', pointer: '/policy' },
      { slug: 'bridge', pointer: '/changes/alsoPolicies/0' },
      { slug: 'ferry', pointer: '/changes/changes/by' },
    ]));
});

describe('a policy under an alias', () => {
  const slugs: Readonly<Record<string, string>> = { 'harbour-toll': 'toll', boat: 'ferry' };
  const slugOf = (name: string): string => slugs[name] ?? name;

  it('gets its slug wherever a body names it', () => {
    const named = renamePolicies({ ...superseded, by: 'boat', alsoPolicies: ['bridge', 'boat'] }, slugOf);
    expect(policiesIn(named).map(({ slug }) => slug)).toEqual(['toll', 'bridge', 'ferry', 'ferry']);
  });

  it('gets its slug in what a correction changes', () =>
    expect(policiesIn(renamePolicies({ ...corrected, changes: { changes: { by: 'boat' } } }, slugOf))).toEqual([
      { slug: 'toll', pointer: '/policy' },
      { slug: 'ferry', pointer: '/changes/changes/by' },
    ]));

  it('becomes one with itself under another name', () =>
    expect(renamePolicies({ ...superseded, alsoPolicies: ['boat', 'ferry', 'bridge'] }, slugOf).alsoPolicies).toEqual([
      'ferry',
      'bridge',
    ]));

  it('leaves everything else as it is', () => {
    const { policy: _policy, ...rest } = superseded;
    expect(renamePolicies(superseded, (name) => name)).toEqual(superseded);
    expect(renamePolicies(superseded, slugOf)).toMatchObject(rest);
  });
});
