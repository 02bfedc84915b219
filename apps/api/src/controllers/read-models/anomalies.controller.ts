import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { AnomaliesAt } from '#projections';
import { listAnswer } from '../../answers/answers.js';
import { Asked, type AskedFor } from '../../http/request/asked.js';
import { listParameters, textParameter } from '../../http/request/parameters.js';
import { Route } from '../../openapi/route.js';
import { Reading } from '../../answers/reading.js';

const query = z.object({
  ...listParameters,
  policy: textParameter('Slug or alias of a policy.'),
  kind: textParameter(
    'Kind of anomaly: `bounds-crossed`, `follows-wrong-way`, `no-source-left`, `order-unknown`, `source-not-cited`, `tie` or `unusual-transition`; for records of an event store that the log disregarded `repeated`, `key-taken`, `idempotency-key-taken`, `request-disregarded` or `not-ours`.',
  ),
});

const answer = listAnswer('AnomalyList', AnomaliesAt.answer);

/** Anomalies: accepted, but worth a look. */
@Controller()
export class AnomaliesController {
  constructor(private readonly reading: Reading) {}

  @Route('GET', '/v1/anomalies', {
    summary: 'Anomalies in the record',
    query,
    answers: [{ status: 200, description: 'One page of rows.', schema: answer }],
  })
  list(@Asked(query) asked: AskedFor<typeof query>) {
    const { policy, kind } = asked.query;
    return this.reading.list(asked, (at, page) => new AnomaliesAt({ at, page, filter: { policy, kind } }));
  }
}
