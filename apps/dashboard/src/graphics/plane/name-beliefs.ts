import { nameDay } from '../time/wall-words.js';
import type { WallClock } from '../time/wall-time.js';
import type { DatedBelief } from './belief-strip.js';

/** A belief in words: "known from 16 April 2025: blocked, perhaps scrapped since 1 January 2024". */
export function nameBelief(belief: DatedBelief, { toWall }: WallClock): string {
  const { known, words = 'nothing known', perhaps, because } = belief;
  const from = known.from === -Infinity ? 'at first' : `known from ${nameDay(toWall(known.from))}`;
  return [
    `${from}: ${words}`,
    ...perhaps.map(({ words: possible, since }) => `perhaps ${possible}${nameSince(since, toWall)}`),
    ...(because === undefined ? [] : [REASONS[because]]),
  ].join(', ');
}

const nameSince = (since: number, toWall: WallClock['toWall']): string =>
  since === -Infinity ? '' : ` since ${nameDay(toWall(since))}`;

const REASONS: Readonly<Record<NonNullable<DatedBelief['because']>, string>> = {
  published: 'because published',
  corrected: 'because corrected',
  restored: 'because what had replaced it no longer counts',
  redated: 'because a date became known',
};
