import { type Address, COORDINATE_PARAMETERS, linkWith } from './address.js';
import type { Problem, WayOut } from './ask.js';

/** The address without its times, of which the newest counts. */
const NOW = Object.fromEntries([...COORDINATE_PARAMETERS, 'cursor'].map((name) => [name, undefined]));

/** The links that lead on from a problem, the likeliest first. */
export function waysOut(problem: Problem, address: Address): readonly WayOut[] {
  const { links = [], since, near, head, status } = problem;
  const isPlaced = COORDINATE_PARAMETERS.some((name) => address.parameters.has(name));
  return [
    ...links,
    ...(near === undefined ? [] : [{ href: linkWith(renamed(address, near), {}), words: `Look at ${near}` }]),
    ...(since === undefined ? [] : [sinceWay(address, since)]),
    ...(head === undefined
      ? []
      : [{ href: linkWith(address, recordedAs(address, `@${head}`)), words: `Up to @${head}` }]),
    ...(isPlaced && (status === 400 || status === 404)
      ? [{ href: linkWith(address, NOW), words: 'As it stands now' }]
      : []),
    ...(status === 503 ? [{ href: linkWith(address, {}), words: 'Try again' }] : []),
  ];
}

/** A policy exists from a position on, or does not any more. */
const sinceWay = (address: Address, since: number): WayOut => ({
  href: linkWith(address, recordedAs(address, `@${since}`)),
  words: `As first recorded, at @${since}`,
});

/** The record at a position, of the page or of the sides of a comparison that name one. */
function recordedAs({ parameters }: Address, position: string): Readonly<Record<string, string>> {
  const sides = ['from.recordedAt', 'to.recordedAt'].filter((name) => parameters.has(name));
  return Object.fromEntries((sides.length === 0 ? ['recordedAt'] : sides).map((name) => [name, position]));
}

const renamed = (address: Address, slug: string): Address => ({
  ...address,
  path: address.path.replace(/^\/policies\/[^/]+/, `/policies/${encodeURIComponent(slug)}`),
});

/** The parameters that a problem is about. */
export const parametersAtFault = ({ errors }: Pick<Problem, 'errors'>): readonly string[] =>
  errors.flatMap(({ pointer }) => (pointer.startsWith('/query/') ? [pointer.slice('/query/'.length)] : []));
