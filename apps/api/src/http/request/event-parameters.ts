import { eventTypes } from '#domain';
import { eventTimeParameters } from './event-times.js';
import {
  anyNameParameter,
  choiceParameter,
  hiddenParameter,
  listParameters,
  namesParameter,
  switchParameter,
  textParameter,
  wordsParameter,
} from './parameters.js';

/** The parameters of every list of events. */
export const eventListParameters = {
  ...listParameters,
  ...eventTimeParameters,
  order: choiceParameter(
    ['occurred', 'published', 'recorded'],
    'Order by when the event happened, was published, or was recorded.',
  ),
  type: wordsParameter([...eventTypes.keys()], 'Type of event.'),
  actor: anyNameParameter('Exact name among `actors`.'),
  affiliated: switchParameter('With `actor`: also list events whose actors act on its behalf (`onBehalfOf`).'),
  q: textParameter(
    'Words that must all occur, in any grammatical form, with or without accents or punctuation. Also `"a phrase"`, `or`, and `-` before a word that must not occur. Searches summary, note, reason, key, names, terms, measures and sources.',
  ),
  records: switchParameter('Also list events about records and sources (`record.*`, `source.*`).'),
  retracted: switchParameter('Also list retracted events, marked as such.'),
  recordedBy: namesParameter(
    'Ids of those of whom one recorded the event, separated by commas. For recorders and operators alone.',
  ),
  hidden: hiddenParameter,
};
