import { Controller, Inject, Param } from '@nestjs/common';
import { z } from 'zod';
import { ROLES, type SessionRecord, Sessions } from '#access';
import { formatInstant, instant } from '#domain';
import { instantText } from '#projections';
import { Refusal } from '../http/problems/refusal.js';
import { CheckedRequest, type CheckedRequestOf } from '../http/request/checked-request.js';
import { noQuery } from '../http/request/parameters.js';
import { Route } from '../openapi/route.js';

const listQuery = z.object({
  principal: z.string().optional().meta({ description: 'Only sessions of this holder.' }),
});

const session = z
  .object({
    id: z.string(),
    principal: z.string().meta({
      description: 'Whose it is: the id that stands in what they record (`recordedBy`), never a name.',
    }),
    role: z.enum(ROLES),
    createdAt: instantText,
    expiresAt: instantText,
  })
  .meta({ id: 'Session', description: 'What is known of somebody who is signed in to the page: no secret, no name.' });

const list = z.object({ items: z.array(session), next: z.null() }).meta({ id: 'SessionList' });

type ShownSession = z.output<typeof session>;

/** Lists and ends sessions of the page. */
@Controller()
export class SessionsController {
  /** Null where nobody can sign in. */
  constructor(@Inject(Sessions) private readonly sessions: Sessions | null) {}

  @Route('GET', '/v1/sessions', {
    role: 'operator',
    summary: 'Who is signed in to the page: neither secrets nor names',
    query: listQuery,
    answers: [{ status: 200, description: 'The newest first.', schema: list }],
  })
  async list(@CheckedRequest(listQuery) { query }: CheckedRequestOf<typeof listQuery>): Promise<z.output<typeof list>> {
    const found = (await this.sessions?.list(query.principal)) ?? [];
    return { items: found.map(showSession), next: null };
  }

  @Route('DELETE', '/v1/sessions/:id', {
    role: 'operator',
    summary: 'End a session',
    description: 'Every process refuses it at once, and ends what it holds open within a second.',
    query: noQuery,
    answers: [{ status: 200, description: 'The session is over.', schema: session }],
    refusals: ['unknown-session'],
  })
  async end(
    @Param('id') id: string,
    @CheckedRequest(noQuery) _asked: CheckedRequestOf<typeof noQuery>,
  ): Promise<ShownSession> {
    const ended = await this.sessions?.endById(id);
    if (ended === undefined)
      throw new Refusal('unknown-session', {
        detail: `There is no session with the id "${id}", or it has ended. GET /v1/sessions lists those that go on.`,
      });
    return showSession(ended);
  }
}

const showSession = ({ id, principal, role, createdAt, expiresAt }: SessionRecord): ShownSession => ({
  id,
  principal,
  role,
  createdAt: formatInstant(instant(createdAt)),
  expiresAt: formatInstant(instant(expiresAt)),
});
