import type { Command } from 'commander';
import { EXIT, Failure } from '../exit-code.js';
import type { Query, Service } from '../service/service.js';
import { type PointCoordinate, type Axis, coordinateAt, findEvent, findNow, timeOn } from './coordinates.js';
import { type Point, isRange, parsePoint, parseRange } from './point.js';

/** The options that override one of the three times of a point. */
export interface PointOptions {
  readonly known?: string;
  readonly valid?: string;
  readonly recorded?: string;
}

export const addPointOptions = (command: Command): Command =>
  command
    .option('--known <time>', 'what the public could know at that time')
    .option('--valid <time>', 'the time in the world that the question is about')
    .option('--recorded <point>', 'what had been recorded by then: a time or a position like @41');

const AXES = ['known', 'valid', 'recorded'] as const;

const parameterOf = { known: 'knownAt', valid: 'validAt', recorded: 'recordedAt' } as const;

/** The coordinate that a point and the options beside it ask for. */
export async function readPoint(
  service: Service,
  point: string | undefined,
  options: PointOptions,
): Promise<PointCoordinate> {
  const overrides = AXES.map(async (axis) => {
    const given = options[axis];
    return given === undefined ? {} : named(axis, await timeOn(axis, parsePoint(given), service));
  });
  const base = point === undefined ? {} : await coordinateAt(service, parsePoint(point));
  return Object.assign({ ...base }, ...(await Promise.all(overrides)));
}

const named = (axis: Axis, time: string | undefined): PointCoordinate =>
  time === undefined ? {} : { [parameterOf[axis]]: time };

/** The options of a comparison: each axis takes a time for both sides or a range, and each side its own. */
export interface SideOptions extends PointOptions {
  readonly fromKnown?: string;
  readonly fromValid?: string;
  readonly fromRecorded?: string;
  readonly toKnown?: string;
  readonly toValid?: string;
  readonly toRecorded?: string;
  readonly alone?: string;
}

export function addSideOptions(command: Command): Command {
  command
    .option('--known <time>', 'known time of both sides, or A..B')
    .option('--valid <time>', 'valid time of both sides, or A..B')
    .option('--recorded <point>', 'recorded time of both sides, or A..B');
  for (const side of ['from', 'to'])
    for (const axis of AXES) command.option(`--${side}-${axis} <time>`, `${axis} time of the ${side} side alone`);
  return command.option(
    '--alone <key>',
    'what this one event changes: the day of its publication, by the record before and after it',
  );
}

/** The two coordinates of a comparison as parameters of the service. */
export async function readSides(service: Service, range: string | undefined, options: SideOptions): Promise<Query> {
  const base = options.alone === undefined ? await baseOf(service, range) : await alone(service, range, options.alone);
  const sides = { from: { ...base.from }, to: { ...base.to } };
  for (const axis of AXES) {
    const both = options[axis];
    if (both === undefined) continue;
    const { from, to } = isRange(both) ? parseRange(both) : { from: parsePoint(both), to: parsePoint(both) };
    Object.assign(sides.from, await sideTime(axis, from, service));
    Object.assign(sides.to, await sideTime(axis, to, service));
  }
  for (const [side, axis, given] of ownTimes(options))
    Object.assign(sides[side], await sideTime(axis, parsePoint(given), service));
  for (const side of ['from', 'to'] as const) if (Object.keys(sides[side]).length === 0) throw noSide(side);
  return { ...withPrefix('from', sides.from), ...withPrefix('to', sides.to) };
}

interface Sides {
  readonly from: PointCoordinate;
  readonly to: PointCoordinate;
}

async function baseOf(service: Service, range: string | undefined): Promise<Sides> {
  if (range === undefined) return { from: {}, to: {} };
  const { from, to } = parseRange(range);
  return { from: await sideOf(service, from), to: await sideOf(service, to) };
}

/** A side needs a time, also when it is now. */
const sideOf = async (service: Service, point: Point): Promise<PointCoordinate> =>
  point.kind === 'now' ? { knownAt: (await findNow(service)).knownAt } : coordinateAt(service, point);

async function alone(service: Service, range: string | undefined, key: string): Promise<Sides> {
  if (range !== undefined) throw new Failure(EXIT.usage, '--alone is a range by itself; leave the other out.');
  const { position } = await findEvent(service, key);
  // As it was recorded: events that were recorded later can have moved it.
  const { publishedAt, dating } = await findEvent(service, key, { recordedAt: `@${position}` });
  const day = { knownAt: publishedAt, ...(dating?.settled ? { validAt: dating.settled } : {}) };
  return { from: { recordedAt: `@${position - 1}`, ...day }, to: { recordedAt: `@${position}`, ...day } };
}

async function sideTime(axis: Axis, point: Point, service: Service): Promise<PointCoordinate> {
  if (axis === 'recorded' && point.kind === 'now') return { recordedAt: `@${(await findNow(service)).position}` };
  return named(axis, await timeOn(axis, point, service));
}

function ownTimes(options: SideOptions): readonly (readonly ['from' | 'to', Axis, string])[] {
  const { fromKnown, fromValid, fromRecorded, toKnown, toValid, toRecorded } = options;
  const all = [
    ['from', 'known', fromKnown],
    ['from', 'valid', fromValid],
    ['from', 'recorded', fromRecorded],
    ['to', 'known', toKnown],
    ['to', 'valid', toValid],
    ['to', 'recorded', toRecorded],
  ] as const;
  return all.flatMap(([side, axis, given]) => (given === undefined ? [] : [[side, axis, given] as const]));
}

const withPrefix = (side: 'from' | 'to', coordinate: PointCoordinate): Query =>
  Object.fromEntries(Object.entries(coordinate).map(([name, time]) => [`${side}.${name}`, String(time)]));

const noSide = (side: 'from' | 'to'): Failure =>
  new Failure(
    EXIT.usage,
    `The ${side} side has no time. Give a range like 2025-07-08..2025-07-10, KEY^..KEY, or --known A..B --valid V.`,
  );
