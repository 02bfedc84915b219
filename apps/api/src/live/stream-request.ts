import type { FastifyRequest } from 'fastify';
import { type Position, REGISTERED, didYouMean, eventTypes, policyStream } from '#domain';
import type { PolicyRow, Viewpoint } from '#projections';
import { coordinateRequest } from '../http/request/coordinates.js';
import { invalidParameter } from '../http/request/query-string.js';
import { Refusal } from '../http/problems/refusal.js';
import type { Calendar } from '../tokens.js';
import type { WantedStream } from './live-streams.js';
import { type PatchPoint, readEventPoint, readPatchPoint } from './states/resume-points.js';
import type { StreamQuery } from './stream-query.js';

/** The clock of a client or another server may be ahead of this one's by this time. */
const CLOCK_SKEW_MS = 60_000;

/** A request for a stream, with everything needed to interpret it. */
interface StreamRequest {
  readonly request: FastifyRequest;
  readonly query: StreamQuery;
  /** The policy of the stream; absent: all. */
  readonly policy: PolicyRow | undefined;
  /** The last position recorded. */
  readonly head: Position;
  /** The client is told who recorded events. */
  readonly namesRecorders: boolean;
  readonly calendar: Calendar;
}

/** Reads the requested content and start of a stream; throws a refusal that names what is wrong. */
export function readStreamRequest(asked: StreamRequest): WantedStream {
  const { request, query, policy, head, calendar } = asked;
  const resume = resumeOf(request, query);
  if (query.view === 'patches') {
    const viewpoint = viewpointOf(query, calendar.zone);
    const from = resume && patchPoint(resume, viewpoint, calendar.now());
    assertRecorded(from?.position, resume, head);
    return { view: 'patches', viewpoint, policy, from };
  }
  const type = eventTypeOf(query);
  const from = resume && eventPoint(resume);
  assertRecorded(from, resume, head);
  const stream = policy && policyStream(policy.slug);
  return { view: 'events', from: from ?? head, type, stream, namesRecorders: asked.namesRecorders };
}

/** The resume point as the client gave it. */
interface Resume {
  readonly name: string;
  readonly text: string;
  readonly refusal: (what: string) => Refusal;
}

/** The header takes precedence over the parameter: a client that reconnects to the same address sends it. */
function resumeOf({ headers }: FastifyRequest, { after }: StreamQuery): Resume | undefined {
  const header = headers['last-event-id'];
  if (header !== undefined && header !== '') {
    const refusal = (what: string): Refusal => new Refusal('invalid-header', { detail: `Last-Event-ID ${what}.` });
    return { name: 'Last-Event-ID', text: String(header), refusal };
  }
  if (after === undefined) return undefined;
  return { name: 'after', text: after, refusal: (what) => invalidParameter('after', `after ${what}.`) };
}

function eventPoint(resume: Resume): Position {
  const point = readEventPoint(resume.text);
  if (point === undefined) throw resume.refusal('must be the `id` of an event, a position of the log like 41, or 0');
  return point;
}

function eventTypeOf({ type, knownAt: known, validAt: valid }: StreamQuery): string | undefined {
  for (const [name, given] of Object.entries({ knownAt: known, validAt: valid }))
    if (given !== undefined)
      throw invalidParameter(
        name,
        `${name} applies to states only: add view=patches. Events are sent as they were recorded.`,
      );
  if (type === undefined || type === REGISTERED || eventTypes.has(type)) return type;
  const near = didYouMean(type, [REGISTERED, ...eventTypes.keys()]);
  throw invalidParameter(
    'type',
    `type: no event is of the type ${JSON.stringify(type)}.${near} /asyncapi.json lists them.`,
  );
}

function patchPoint(resume: Resume, viewpoint: Viewpoint, now: number): PatchPoint {
  const point = readPatchPoint(resume.text);
  if (!point)
    throw resume.refusal('must be the `id` of a patch or the `resume` of a state, like 41.1732270000000, or 0');
  if (viewpoint.knownAt === undefined && point.instant > now + CLOCK_SKEW_MS)
    throw resume.refusal('names an instant in the future');
  return point;
}

function assertRecorded(place: Position | undefined, resume: Resume | undefined, head: Position): void {
  if (place === undefined || place <= head) return;
  throw new Refusal('beyond-head', { detail: `${resume?.name ?? ''}: the last position in the log is ${head}.` });
}

function viewpointOf({ type, knownAt, validAt }: StreamQuery, zone: string): Viewpoint {
  if (type !== undefined)
    throw invalidParameter(
      'type',
      'type filters events; with view=patches every change of a state is sent. Leave it out.',
    );
  return coordinateRequest({ knownAt, validAt }, zone);
}
