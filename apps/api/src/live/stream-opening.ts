import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EventLog } from '#event-log';
import type { PolicyRow, StateChanges } from '#projections';
import { accessOf } from '../http/access/access.js';
import type { Freshness } from '../http/freshness.js';
import { identifyClient } from '../http/limits/client.js';
import { readRefusal } from '../http/problems/read-refusals.js';
import { Refusal } from '../http/problems/refusal.js';
import type { Calendar } from '../tokens.js';
import { EVENT_STREAM } from './frames.js';
import type { LiveStreams, StreamRefusal } from './live-streams.js';
import type { StreamQuery } from './stream-query.js';
import type { StreamStanding } from './stream-places.js';
import { readStreamRequest } from './stream-request.js';

/** How long a client should wait if no place is free. */
const RETRY_AFTER_S = '5';

const STREAM_HEADERS = {
  'content-type': EVENT_STREAM,
  'cache-control': 'no-store',
  // Asks proxies not to buffer.
  'x-accel-buffering': 'no',
};

const plainHeaders = (reply: FastifyReply): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(reply.getHeaders()).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value : String(value)]],
    ),
  );

interface Needs {
  readonly streams: LiveStreams;
  readonly states: StateChanges;
  readonly freshness: Freshness;
  readonly log: Pick<EventLog, 'head'>;
  readonly calendar: Calendar;
}

/** A request for a stream, with the reply that carries it. */
interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** The client that all programs on this machine are together. */
export const THIS_MACHINE = 'this machine';

/** Opens streams: invalid requests are refused as everywhere; then the reply belongs to the stream. */
export class StreamOpening {
  constructor(private readonly needs: Needs) {}

  /** Finds a policy by slug or alias, including one that was just registered here. */
  async policyNamed(name: string): Promise<PolicyRow> {
    const { states, freshness } = this.needs;
    await freshness.waitUntilCaughtUp(undefined);
    const found = states.find(name);
    if ('outcome' in found) throw readRefusal(found);
    return found;
  }

  /** Answers with a stream that lasts until either end closes it. */
  async open({ request, reply }: Exchange, query: StreamQuery, policy: PolicyRow | undefined): Promise<void> {
    const { streams, log, calendar, freshness } = this.needs;
    if (query.view === 'patches') await freshness.waitUntilCaughtUp(undefined);
    const { position: head } = await log.head();
    const namesRecorders = await accessOf(request).showsRecorders();
    const wanted = readStreamRequest({ request, query, policy, head, namesRecorders, calendar });
    if (request.method === 'HEAD') {
      await reply.headers(STREAM_HEADERS).send();
      return;
    }
    const client = sharerOf(request);
    const leave = streams.takePlace(client);
    tellStreams(reply, streams.standingOf(client));
    if (typeof leave === 'string') throw noPlace(leave);
    reply.hijack();
    const { raw } = reply;
    raw.once('close', leave);
    raw.writeHead(200, { ...plainHeaders(reply), ...STREAM_HEADERS });
    raw.flushHeaders();
    await streams.run(raw, wanted);
  }
}

/** Whose streams are counted together: those of this machine, or of one client. */
const sharerOf = (request: FastifyRequest): string =>
  accessOf(request).isLocal ? THIS_MACHINE : identifyClient(request);

/** What is left of a client's streams, beside what is left of its reads: these fields are lists. */
function tellStreams(reply: FastifyReply, standing: StreamStanding | undefined): void {
  if (standing === undefined) return;
  const { limit, remaining } = standing;
  for (const [name, value] of [
    ['ratelimit-policy', `"streams";q=${limit};qu="concurrent-requests"`],
    ['ratelimit', `"streams";r=${remaining}`],
  ] as const) {
    const before = reply.getHeader(name);
    reply.header(name, before === undefined ? value : `${String(before)}, ${value}`);
  }
}

function noPlace(why: StreamRefusal): Refusal {
  const headers = { 'retry-after': RETRY_AFTER_S };
  if (why === 'closing') return new Refusal('shutting-down', { detail: 'The server is stopping. Connect again.' });
  if (why === 'of-client')
    return new Refusal('client-streams-exceeded', {
      detail: 'As many streams as you may have are open with your key, or else from your address. Close one.',
      headers,
    });
  return new Refusal('too-many-streams', {
    detail: 'As many streams are open as this server can serve. Try again later.',
    headers,
  });
}
