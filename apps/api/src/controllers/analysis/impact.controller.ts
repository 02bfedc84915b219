import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { Citations } from '#citations';
import { type FindCited, ImpactAt, RestingAt } from '#projections';
import { ReadResponder } from '../../answers/read-responder.js';
import { findCitedIn } from '../../citations/cited-places.js';
import { CheckedRequest, type CheckedRequestOf } from '../../http/request/checked-request.js';
import { choiceParameter, readParameters, textParameter, wholeNumberParameter } from '../../http/request/parameters.js';
import { invalidParameter } from '../../http/request/query-string.js';
import { frame } from '../../http/response/frame.js';
import { Route } from '../../openapi/route.js';

const MOST_DEPTH = 50;

const query = z.object({
  ...readParameters,
  event: textParameter('Key of an event.'),
  source: textParameter('Id of a source, as `/v1/sources` gives it.'),
  actor: textParameter('Exact name of an actor.'),
  correction: textParameter('Key of a correction, a retraction or a record of a source.'),
  depth: wholeNumberParameter(
    { least: 0, most: MOST_DEPTH, otherwise: MOST_DEPTH },
    'How many links away events are listed at most.',
  ),
  parts: choiceParameter(
    ['all', 'rests'],
    'All that rests on it (`all`), or only which events do (`rests`): `falls` and `rests`, for which nothing is folded.',
  ),
  engine: choiceParameter(
    ['facts', 'replay'],
    'How states and promises are computed: from the stored rows (`facts`), or by folding all events again (`replay`).',
  ),
});

const answer = ImpactAt.answer.extend(frame.shape).meta({
  id: 'Impact',
  description: 'What rests on a thing, and what would read otherwise without it.',
});

const resting = RestingAt.answer
  .extend(frame.shape)
  .meta({ id: 'Resting', description: 'Which events rest on a thing: the answer with `parts=rests`.' });

/** What rests on an event, a source, an actor or a correction. */
@Controller()
export class ImpactController {
  private readonly findCited: FindCited;

  constructor(
    private readonly reads: ReadResponder,
    citations: Citations,
  ) {
    this.findCited = findCitedIn(citations);
  }

  @Route('GET', '/v1/impact', {
    role: 'reader',
    summary: 'What rests on an event, a source, an actor or a correction',
    description:
      'Give exactly one of `event`, `source`, `actor` and `correction`. Empty lists say that nothing rests on it.',
    query,
    answers: [{ status: 200, description: 'What rests on it.', schema: z.union([answer, resting]) }],
    refusals: ['unknown-thing'],
  })
  impact(@CheckedRequest(query) asked: CheckedRequestOf<typeof query>) {
    const { depth, engine, parts } = asked.query;
    const given = ImpactAt.kinds.flatMap((kind) => {
      const id = asked.query[kind];
      return id === undefined ? [] : [{ kind, id }];
    });
    const [of, ...others] = given;
    if (!of || others.length > 0)
      throw invalidParameter(others[0]?.kind ?? 'event', 'Give exactly one of event, source, actor and correction.');
    if (parts === 'rests') return this.reads.answer(asked, (at) => new RestingAt({ at, of, depth }));
    const findCited = this.reads.isPinned(asked.query) ? undefined : this.findCited;
    return this.reads.answer(asked, (at) => new ImpactAt({ at, of, depth, engine, findCited }));
  }
}
