import { z } from 'zod';
import { coordinateParameters } from '../http/request/coordinates.js';
import { choiceParameter, textParameter } from '../http/request/parameters.js';

const { knownAt, validAt } = coordinateParameters;

const streamParameters = {
  view: choiceParameter(
    ['events', 'patches'],
    'Events as CloudEvents 1.0, or states: first whole, then a JSON Patch for each change.',
  ),
  after: textParameter(
    'Where to resume: an `id` of the same view or, for patches, the `resume` of a state. 0: from the start. Default: from now. The header `Last-Event-ID` takes precedence.',
  ),
  type: textParameter('Type of event; for `view=events`.'),
  knownAt: knownAt.meta({
    description: 'With `view=patches`: what was known then. Speaks only when our account of that day changes.',
  }),
  validAt: validAt.meta({ description: 'With `view=patches`: when in the world. Default: the same as `knownAt`.' }),
};

/** The parameters of the stream of everything. */
export const allStreamQuery = z.object({ ...streamParameters, policy: textParameter('Slug or alias of a policy.') });
/** The parameters of the stream of one policy. */
export const policyStreamQuery = z.object(streamParameters);

export type StreamQuery = z.output<typeof policyStreamQuery>;

/** The request headers of a stream. */
export const STREAM_REQUEST_HEADERS = {
  'Last-Event-ID': 'The `id` of the last message read; a client that reconnects sends it automatically.',
};
