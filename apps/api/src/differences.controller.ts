import { Controller, Get, Param } from '@nestjs/common';
import { z } from 'zod';
import { DiffBetween } from '#projections';
import { differenceAnswer } from './answers.js';
import { Asked, type AskedFor } from './http/asked.js';
import { type GivenCoordinate, coordinateParameters } from './http/coordinates.js';
import { choiceParameter, readParameters } from './http/parameters.js';
import { invalidParameter } from './http/query-string.js';
import { Documented } from './openapi/documented.js';
import { type AskedDifference, Reading } from './reading.js';

const { knownAt, validAt, recordedAt } = coordinateParameters;

const query = z.object({
  from: knownAt.meta({ description: 'Short for `from.knownAt`.' }),
  'from.knownAt': knownAt,
  'from.validAt': validAt,
  'from.recordedAt': recordedAt,
  to: knownAt.meta({ description: 'Short for `to.knownAt`.' }),
  'to.knownAt': knownAt,
  'to.validAt': validAt,
  'to.recordedAt': recordedAt,
  format: choiceParameter(
    ['changes', 'json-patch'],
    'A list of changes with their causes, or an RFC 6902 patch of the state as well.',
  ),
  atLeast: readParameters.atLeast,
});

type DifferenceQuery = z.output<typeof query>;

const answers = [{ status: 200, description: 'What differs, and why.', schema: differenceAnswer }];

/** What changed between two coordinates, and because of which events. */
@Controller('v1')
export class DifferencesController {
  constructor(private readonly reading: Reading) {}

  @Get('diff')
  @Documented({
    summary: 'What changed in all policies',
    query,
    answers,
    refusals: ['beyond-head', 'in-future', 'not-caught-up'],
  })
  ofAll(@Asked(query) asked: AskedFor<typeof query>) {
    const { format } = asked.query;
    return this.reading.difference(betweenOf(asked), (sides) => new DiffBetween({ ...sides, format }));
  }

  @Get('policies/:slug/diff')
  @Documented({
    summary: 'What changed in one policy',
    query,
    answers,
    refusals: ['unknown-policy', 'policy-not-yet-recorded', 'beyond-head', 'in-future', 'not-caught-up'],
  })
  ofOne(@Param('slug') slug: string, @Asked(query) asked: AskedFor<typeof query>) {
    const { format } = asked.query;
    return this.reading.difference(betweenOf(asked), (sides) => new DiffBetween({ policy: slug, ...sides, format }));
  }
}

const betweenOf = (asked: AskedFor<typeof query>): AskedDifference => ({
  ...asked,
  from: side(asked.query, 'from'),
  to: side(asked.query, 'to'),
});

function side(given: DifferenceQuery, name: 'from' | 'to'): GivenCoordinate {
  const [short, exact] = [given[name], given[`${name}.knownAt`]];
  if (short !== undefined && exact !== undefined)
    throw invalidParameter(name, `${name} is short for ${name}.knownAt; give one of them.`);
  const coordinate = {
    knownAt: short ?? exact,
    validAt: given[`${name}.validAt`],
    recordedAt: given[`${name}.recordedAt`],
  };
  if (Object.values(coordinate).every((time) => time === undefined)) {
    throw invalidParameter(
      name,
      `A diff needs both sides: give ${name}, ${name}.knownAt, ${name}.validAt or ${name}.recordedAt.`,
    );
  }
  return coordinate;
}
