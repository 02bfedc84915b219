import { expect } from '@jest/globals';
import { type Told, given } from './given.js';

/** An event of 5 March 2024 under the key `event`, as far as a test of its type says something of it. */
const eventOf = (type: string, more: object): Told => ({ key: 'event', type, occurred: '2024-03-05', ...more });

/** The state of a policy of which one event alone is on record. */
export const stateAfter = (type: string, more: object = {}): object =>
  given(eventOf(type, more)).asOf({ knownAt: '2024-03-05' }).state;

/** Says what the state of a policy is after one event of a type. */
export const asserts = (type: string, more: object, state: object): void =>
  expect(stateAfter(type, more)).toEqual(state);

/** Says for which reasons an event of a type is refused, each as `code pointer`; none means accepted. */
export const isSqlRefused = (type: string, more: object, ...rejections: readonly string[]): void =>
  given()
    .when(eventOf(type, more))
    .then(...rejections);
