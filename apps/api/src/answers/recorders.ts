import type { FastifyReply, FastifyRequest } from 'fastify';
import { accessOf } from '../http/access/access.js';
import { varyBy } from '../http/response/representation.js';

/** A request about events. */
interface AskedEvents {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** May ask for what certain people recorded, by `recordedBy`. */
  readonly query: object;
}

/**
 * A request about events, with whether its answer says who recorded them: to recorders and operators alone.
 *
 * Refuses everybody else who asks for the events of certain recorders. The answer depends on the sender from here on.
 */
export async function withRecorders<Asked extends AskedEvents>(
  asked: Asked,
): Promise<Asked & { readonly namesRecorders: boolean }> {
  const { request, reply, query } = asked;
  const access = accessOf(request);
  if ('recordedBy' in query && query.recordedBy !== undefined) await access.demandRecorders();
  for (const header of ['authorization', 'cookie']) varyBy(reply, header);
  return { ...asked, namesRecorders: await access.showsRecorders() };
}
