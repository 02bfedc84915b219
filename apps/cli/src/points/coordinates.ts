import { z } from 'zod';
import { EXIT, Failure } from '../exit-code.js';
import type { Service } from '../service/service.js';
import { type Point, POINT_HELP } from './point.js';

/** The three times of a question as the service takes them; what is absent follows from the others, or is now. */
export interface PointCoordinate {
  readonly knownAt?: string;
  readonly validAt?: string;
  readonly recordedAt?: string;
}

/** The name of one of the three times. */
export type Axis = 'known' | 'valid' | 'recorded';

/** The coordinate of a point. An event gives the instant at which it became public; the service resolves days. */
export async function coordinateAt(service: Service, point: Point): Promise<PointCoordinate> {
  switch (point.kind) {
    case 'now':
      return {};
    case 'time':
      return { knownAt: point.text };
    case 'position':
      return { recordedAt: `@${point.position}` };
    case 'event': {
      const { knownFrom } = await findEvent(service, point.key);
      return { knownAt: point.isBefore ? justBefore(knownFrom) : knownFrom };
    }
  }
}

/** The time that a point is on one axis; undefined for all that is recorded. */
export async function timeOn(axis: Axis, point: Point, service: Service): Promise<string | undefined> {
  if (axis === 'recorded') return recordedTime(point, service);
  switch (point.kind) {
    case 'now':
      return (await findNow(service)).knownAt;
    case 'position':
      throw new Failure(
        EXIT.usage,
        `--${axis}: @${point.position} is a position in the log, which only --recorded takes.`,
      );
    case 'time':
    case 'event':
      return (await coordinateAt(service, point)).knownAt;
  }
}

async function recordedTime(point: Point, service: Service): Promise<string | undefined> {
  switch (point.kind) {
    case 'now':
      return undefined;
    case 'time':
      return point.text;
    case 'position':
      return `@${point.position}`;
    case 'event':
      return `@${(await findEvent(service, point.key)).position - (point.isBefore ? 1 : 0)}`;
  }
}

const nowSchema = z.object({
  coordinate: z.object({ recordedAt: z.object({ position: z.int() }), knownAt: z.string(), validAt: z.string() }),
});

/** What the service takes for now: the end of its log, and its own clock. */
export const findNow = (service: Service) => findCoordinate(service, {});

/** The position and the times to which the service resolves a coordinate. */
export async function findCoordinate(
  service: Service,
  coordinate: PointCoordinate,
): Promise<{ readonly position: number; readonly knownAt: string; readonly validAt: string }> {
  const { coordinate: found } = await service.ask('/v1/policies', nowSchema, { query: { limit: '1', ...coordinate } });
  return { position: found.recordedAt.position, knownAt: found.knownAt, validAt: found.validAt };
}

/** A coordinate with nothing left open. */
export type PinnedCoordinate = Required<PointCoordinate>;

/** Pins a coordinate on all three times, so that several answers are of the same. */
export async function findPinned(service: Service, coordinate: PointCoordinate): Promise<PinnedCoordinate> {
  const { position, knownAt, validAt } = await findCoordinate(service, coordinate);
  return { recordedAt: `@${position}`, knownAt, validAt };
}

const eventSchema = z.object({
  policy: z.string(),
  position: z.int(),
  publishedAt: z.string(),
  knownFrom: z.iso.datetime(),
  dating: z.object({ settled: z.string().nullable() }).optional(),
});

/** See the schema. */
type FoundEvent = z.output<typeof eventSchema>;

/** An event in force at a coordinate. */
export async function findEvent(service: Service, key: string, at: PointCoordinate = {}): Promise<FoundEvent> {
  const path = `/v1/events/${encodeURIComponent(key)}`;
  return service.ask(path, eventSchema, { query: { ...at } }).catch((error: unknown) => {
    if (!(error instanceof Failure) || error.code !== EXIT.notFound) throw error;
    throw new Failure(EXIT.notFound, `No event in force has the key ${JSON.stringify(key)}. A point is ${POINT_HELP}.`);
  });
}

const justBefore = (instant: string): string => new Date(Date.parse(instant) - 1).toISOString();
