import { expect, it } from '@jest/globals';
import type { PolicyEvent } from '../../http/answers.js';
import { EMPTY_TAIL, type Tail, addToTail, eventOfMessage, pauseOrGoOn } from './tail.js';

const event = (position: number, type = 'status.changed'): PolicyEvent => ({
  id: `${position}`,
  key: `event-${position}`,
  type,
  policy: 'toll',
  position,
  revision: 1,
  recordedAt: '2026-11-22T10:00:00.000Z',
  knownFrom: '2026-11-22T10:00:00.000Z',
  occurred: '2026-11-22',
  publishedAt: '2026-11-22',
  summary: 'Something happened.',
});
const add = (tail: Tail, ...positions: readonly number[]): Tail =>
  positions.reduce((grown, position) => addToTail(grown, event(position)), tail);
const positions = ({ shown }: Tail): readonly number[] => shown.map(({ position }) => position);

it('shows the newest first, two hundred at most', () => {
  const many = Array.from({ length: 201 }, (_, index) => index + 1);
  expect(positions(add(EMPTY_TAIL, ...many))).toEqual(many.slice(1).reverse());
});

it('holds back what comes during a pause, and shows it in order afterwards', () => {
  const paused = add(pauseOrGoOn(add(EMPTY_TAIL, 1)), 2, 3);
  expect(positions(paused)).toEqual([1]);
  expect(paused.held).toHaveLength(2);
  expect(positions(pauseOrGoOn(paused))).toEqual([3, 2, 1]);
});

it('reads the event of a message, but no registration', () => {
  expect(eventOfMessage(JSON.stringify({ data: event(7) }))).toEqual(event(7));
  expect(eventOfMessage(JSON.stringify({ data: event(7, 'policy.registered') }))).toBeUndefined();
});
