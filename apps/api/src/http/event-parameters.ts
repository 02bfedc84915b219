import { eventTypes } from '#domain';
import { choiceParameter, listParameters, switchParameter, textParameter, wordParameter } from './parameters.js';

/** What every list of events takes. */
export const eventListParameters = {
  ...listParameters,
  order: choiceParameter(['occurred', 'published', 'recorded'], 'By when it happened, became public, or was recorded.'),
  type: wordParameter([...eventTypes.keys()], 'Type of event.'),
  actor: textParameter('Exact name among `actors`.'),
  q: textParameter(
    'Words to look for, in any grammatical form, with or without accents, beside any mark: all of them. Also `"a phrase"`, `or`, and `-` before a word that must not occur. Looks at summary, note, reason, key, names, terms, measures and sources.',
  ),
  records: switchParameter('Events about records and sources (`record.*`, `source.*`) too.'),
  retracted: switchParameter('Retracted events too, marked.'),
};
