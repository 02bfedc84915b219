import { Controller, Get } from '@nestjs/common';
import { z } from 'zod';
import { GENRES } from '#domain';
import { SourcesAt } from '#projections';
import { rowList } from '../answers.js';
import { Asked, type AskedFor } from '../http/asked.js';
import { listParameters, textParameter, wordParameter } from '../http/parameters.js';
import { Documented } from '../openapi/documented.js';
import { Reading } from '../reading.js';

const query = z.object({
  ...listParameters,
  policy: textParameter('Slug or alias of a policy.'),
  publisher: textParameter('Exact name of a publisher.'),
  genre: wordParameter(GENRES, 'Genre of the source.'),
});

const answer = rowList({
  publisher: z.string(),
  title: z.string(),
  url: z.string().nullable(),
  publishedAt: z.string(),
  genre: z.string(),
  sha256: z.string().nullable(),
  events: z.array(z.string()).meta({
    description: 'Keys of the events that cite it, in order of occurrence: at most the first 1,000.',
  }),
  eventCount: z.int().meta({ description: 'How many events cite it.' }),
  retractedBy: z
    .array(z.string())
    .meta({ description: 'Keys of the events that record its withdrawal by the publisher.' }),
});

/** Sources, each with the events that cite it. */
@Controller('v1/sources')
export class SourcesController {
  constructor(private readonly reading: Reading) {}

  @Get()
  @Documented({
    summary: 'Sources and the events that cite them',
    query,
    answers: [{ status: 200, description: 'One page of rows.', schema: answer }],
  })
  list(@Asked(query) asked: AskedFor<typeof query>) {
    const { policy, publisher, genre } = asked.query;
    return this.reading.list(asked, (at, page) => new SourcesAt({ at, page, filter: { policy, publisher, genre } }));
  }
}
