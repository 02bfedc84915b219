import { Controller, Inject } from '@nestjs/common';
import { z } from 'zod';
import { FOLD_VERSION } from '#temporal';
import { CheckedRequest, type CheckedRequestOf } from '../http/request/checked-request.js';
import { accessOf } from '../http/access/access.js';
import { SERVICE_NAME } from '../openapi/document.js';
import { Route } from '../openapi/route.js';
import { CALENDAR, type Calendar, IDENTITY, type Identity } from '../tokens.js';

const noQuery = z.object({});

const about = z
  .object({
    name: z.string(),
    version: z.string().meta({ description: 'Version of the program.' }),
    timeZone: z.string().meta({ description: 'The IANA time zone in which bare dates are read.' }),
    head: z.int().meta({ description: 'Position of the last event in the log; 0 if there is none.' }),
    fold: z.int().meta({ description: 'Version of the rules by which facts follow from events.' }),
    writes: z.enum(['open', 'closed']).meta({ description: 'Whether whoever sent this request could also write.' }),
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
  ) {}

  @Route('GET', '/v1/about', {
    role: 'reader',
    summary: 'What this service is, and whether it takes writes',
    query: noQuery,
    answers: [{ status: 200, description: 'About this service.', schema: about }],
  })
  async about(@CheckedRequest(noQuery) { request }: CheckedRequestOf<typeof noQuery>): Promise<z.output<typeof about>> {
    const { version, publisher, licence, log } = this.identity;
    const { position: head } = await log.head();
    return {
      name: SERVICE_NAME,
      version,
      timeZone: this.calendar.zone,
      head,
      fold: FOLD_VERSION,
      writes: accessOf(request).mayWrite ? 'open' : 'closed',
      publisher: publisher ?? null,
      licence: licence ?? null,
    };
  }
}
