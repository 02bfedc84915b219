import { Controller, Inject } from '@nestjs/common';
import { z } from 'zod';
import { ProviderStatus, ROLES } from '#access';
import { FOLD_VERSION } from '#temporal';
import { CheckedRequest, type CheckedRequestOf } from '../http/request/checked-request.js';
import { noQuery } from '../http/request/parameters.js';
import { accessOf } from '../http/access/access.js';
import { SERVICE_NAME } from '../openapi/document.js';
import { Route } from '../openapi/route.js';
import { CALENDAR, type Calendar, IDENTITY, type Identity } from '../tokens.js';

const about = z
  .object({
    name: z.string(),
    version: z.string().meta({ description: 'Version of the program.' }),
    timeZone: z.string().meta({ description: 'The IANA time zone in which bare dates are read.' }),
    head: z.int().meta({ description: 'Position of the last event in the log; 0 if there is none.' }),
    fold: z.int().meta({ description: 'Version of the rules by which facts follow from events.' }),
    writes: z.enum(['open', 'closed']).meta({ description: 'Whether whoever sent this request could also write.' }),
    role: z.enum(ROLES).nullable().meta({ description: 'The role of whoever sent this request; `null`: none.' }),
    identityProvider: z.enum(['none', 'reached', 'failing']).meta({
      description:
        'Whether tokens of an identity provider are accepted, and whether it answered when it was asked last.',
    }),
    signIn: z.enum(['none', 'out', 'in']).meta({
      description: 'Whether people can sign in to the page, and whether whoever sent this request did.',
    }),
    csrfToken: z.string().optional().meta({
      description: 'What a write with this session must bring in the header `X-CSRF-Token`; only for who is signed in.',
    }),
    publisher: z.string().nullable().meta({ description: 'Who publishes this record; `null`: not stated.' }),
    licence: z.string().nullable().meta({ description: 'Under which terms it may be used; `null`: not stated.' }),
  })
  .meta({ id: 'About', description: 'What this service is.' });

/** What this service is, and what whoever asks can do with it. */
@Controller()
export class AboutController {
  constructor(
    @Inject(IDENTITY) private readonly identity: Identity,
    @Inject(CALENDAR) private readonly calendar: Calendar,
    private readonly provider: ProviderStatus,
  ) {}

  @Route('GET', '/v1/about', {
    role: 'reader',
    summary: 'What this service is, and whether it takes writes',
    query: noQuery,
    answers: [{ status: 200, description: 'About this service.', schema: about }],
  })
  async about(
    @CheckedRequest(noQuery) { request, reply }: CheckedRequestOf<typeof noQuery>,
  ): Promise<z.output<typeof about>> {
    const { version, publisher, licence, log } = this.identity;
    const { position: head } = await log.head();
    const { mayWrite, role = null, csrfToken } = accessOf(request);
    if (csrfToken !== undefined) reply.header('cache-control', 'no-store');
    return {
      name: SERVICE_NAME,
      version,
      timeZone: this.calendar.zone,
      head,
      fold: FOLD_VERSION,
      writes: mayWrite ? 'open' : 'closed',
      role,
      identityProvider: this.provider.state,
      signIn: !this.provider.canSignIn ? 'none' : csrfToken === undefined ? 'out' : 'in',
      ...(csrfToken === undefined ? {} : { csrfToken }),
      publisher: publisher ?? null,
      licence: licence ?? null,
    };
  }
}
