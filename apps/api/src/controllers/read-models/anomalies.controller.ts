import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { AnomaliesAt } from '#projections';
import { listSchema } from '../../answers/answers.js';
import { CheckedRequest, type CheckedRequestOf } from '../../http/request/checked-request.js';
import { anyNameParameter, listParameters, textParameter } from '../../http/request/parameters.js';
import { Route } from '../../openapi/route.js';
import { ReadResponder } from '../../answers/read-responder.js';

const query = z.object({
  ...listParameters,
  policy: anyNameParameter('Slug or alias of a policy.'),
  kind: textParameter(
    'Kind of anomaly: `bounds-crossed`, `follows-wrong-way`, `no-source-left`, `order-unknown`, `source-not-cited`, `tie` or `unusual-transition`; for records of an event store that the log disregarded `repeated`, `key-taken`, `idempotency-key-taken`, `request-disregarded` or `not-ours`.',
  ),
});

const answer = listSchema('AnomalyList', AnomaliesAt.answer);

/** Anomalies: accepted, but worth a look. */
@Controller()
export class AnomaliesController {
  constructor(private readonly reads: ReadResponder) {}

  @Route('GET', '/v1/anomalies', {
    role: 'reader',
    summary: 'Anomalies in the record',
    query,
    answers: [{ status: 200, description: 'One page of rows.', schema: answer }],
  })
  list(@CheckedRequest(query) asked: CheckedRequestOf<typeof query>) {
    const { policy, kind } = asked.query;
    return this.reads.list(asked, (at, page) => new AnomaliesAt({ at, page, filter: { policy, kind } }));
  }
}
