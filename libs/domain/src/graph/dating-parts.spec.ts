import { describe, expect, it } from '@jest/globals';
import { given } from '../../../../test/support/events/given.js';
import { type DatingPart, eventsDatedBy, datingPartsOf, followsRecordedBy } from './dating-parts.js';

const partsOf = (type: string, more: object): readonly DatingPart[] => {
  const [event] = given({ key: 'event', type, occurred: '2024-01-01', ...more }).events;
  return event ? datingPartsOf(event.body) : [];
};
const shown = (parts: readonly DatingPart[]) =>
  parts.map(({ level, links, occurred, pointer }) => ({
    level,
    links: links.map(({ rel, to, pointer: at }) => `${rel} ${to} ${at}`),
    ...(occurred ? { dated: pointer } : {}),
  }));

describe('what a body says of dates', () => {
  it('is nothing beside its own date, mostly', () => {
    expect(partsOf('policy.announced', {})).toEqual([]);
    expect(partsOf('policy.announced', { links: [{ rel: 'about', to: 'a' }] })).toEqual([]);
    expect(partsOf('record.retracted', { target: 'a' })).toEqual([]);
    expect(partsOf('record.corrected', { target: 'a', changes: { summary: 'Else.' } })).toEqual([]);
  });

  it('are its links that date, each where it stands among all', () =>
    expect(
      shown(
        partsOf('policy.announced', {
          links: [
            { rel: 'about', to: 'a' },
            { rel: 'follows', to: 'b' },
            { rel: 'refines-date-of', to: 'c' },
          ],
        }),
      ),
    ).toEqual([{ level: 0, links: ['follows b /links/1/to', 'refines-date-of c /links/2/to'] }]));

  it('is the date that a correction gives to its target', () =>
    expect(shown(partsOf('record.corrected', { target: 'a', changes: { occurred: '2024-02-01' } }))).toEqual([
      { level: 1, links: [], dated: '/changes/occurred' },
    ]));

  it('is what corrections of corrections give to theirs, level by level', () =>
    expect(
      shown(
        partsOf('record.corrected', {
          target: 'c',
          links: [{ rel: 'follows', to: 'x' }],
          changes: {
            links: [{ rel: 'follows', to: 'y' }],
            changes: { changes: { occurred: '2024-02-01', links: [{ rel: 'follows', to: 'z' }] } },
          },
        }),
      ),
    ).toEqual([
      { level: 0, links: ['follows x /links/0/to'] },
      { level: 1, links: ['follows y /changes/links/0/to'] },
      {
        level: 3,
        links: ['follows z /changes/changes/changes/links/0/to'],
        dated: '/changes/changes/changes/occurred',
      },
    ]));

  it('is nothing where a correction empties the links', () =>
    expect(partsOf('record.corrected', { target: 'a', changes: { links: null } })).toEqual([]));
});

describe('the events of whose dates an event speaks', () => {
  const targets = new Map([
    ['c2', 'c1'],
    ['c1', 'event'],
  ]);
  const part = (level: number): DatingPart => ({ level, occurred: undefined, pointer: '', links: [] });
  const named = (levels: readonly number[], target?: string) =>
    [...eventsDatedBy({ key: 'new', target, parts: levels.map(part) }, (key) => targets.get(key))].map(({ of }) => of);

  it('are itself, its target, the target of that, and so on', () => {
    expect(named([0])).toEqual(['new']);
    expect(named([0, 1, 2, 3], 'c2')).toEqual(['new', 'c2', 'c1', 'event']);
    expect(named([3], 'c2')).toEqual(['event']);
  });

  it('end where nothing is the target', () => {
    expect(named([1, 2], 'event')).toEqual(['event']);
    expect(named([1])).toEqual([]);
  });

  it('bring follows to each of them', () => {
    const follows = (level: number, to: string): DatingPart => ({
      ...part(level),
      links: [
        { rel: 'follows', to, pointer: `/${to}` },
        { rel: 'refines-date-of', to, pointer: `/${to}` },
      ],
    });
    expect(
      followsRecordedBy({ key: 'new', target: 'c1', parts: [follows(0, 'x'), follows(2, 'y')] }, (key) =>
        targets.get(key),
      ),
    ).toEqual([
      { from: 'new', to: 'x', pointer: '/x' },
      { from: 'event', to: 'y', pointer: '/y' },
    ]);
  });
});
