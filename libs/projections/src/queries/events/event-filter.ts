import { actsOn } from '../../core/records-in-force.js';
import { anyWord, webSearch } from '../../core/search-text.js';
import { type EventTimes, timeConditions } from '../../rows/event-times.js';
import type { Bind } from '../../rows/steps.js';
import { isAsked, isOfPolicy, namesAsked, standsAt } from '../../rows/table.js';

/** Which events a list shows; what is undefined does not filter. */
export interface EventFilter {
  readonly keys?: readonly string[] | undefined;
  readonly policy?: string | undefined;
  readonly type?: string | undefined;
  /** Exact name among the actors, or several, separated by commas. */
  readonly actor?: string | undefined;
  /** Also show events whose actors act on behalf of `actor`. */
  readonly affiliated?: boolean | undefined;
  /** Words, as a web search takes them. */
  readonly q?: string | undefined;
  /** Show events about records, sources and the service too. */
  readonly records?: boolean | undefined;
  /** Show retracted events too. */
  readonly retracted?: boolean | undefined;
  readonly times?: EventTimes | undefined;
  /** Ids of those of whom one recorded the event. */
  readonly recordedBy?: readonly string[] | undefined;
}

/** Events chiefly about a policy, or those that also concern it. */
export type EventScope = 'primary' | 'any';

/** SQL conditions that hold for the rows `t` of the timeline that a filter lets through; `$1` and `$2` are the coordinate. */
export function eventConditions(filter: EventFilter, scope: EventScope, bound: Bind): readonly string[] {
  const { keys, policy, type, actor, affiliated, q, records, retracted, recordedBy, times = {} } = filter;
  const names = affiliated === true ? 't.actors || t.affiliations' : 't.actors';
  return [
    ...(keys === undefined ? [] : [`t.event = ANY (${bound(keys)})`]),
    ...(policy === undefined ? [] : [policyCondition(policy, scope, bound)]),
    ...(type === undefined ? [] : [isAsked('t.type', type, bound)]),
    ...(actor === undefined ? [] : [`(${names}) && ${bound(namesAsked(actor))}::text[]`]),
    ...(q === undefined ? [] : [wordsCondition(bound(webSearch(q)), bound(anyWord(q)))]),
    ...(records === true ? [] : ["t.type !~ '^(record|source|operation)[.]'"]),
    ...(retracted === true ? [] : ['NOT t.retracted']),
    ...(recordedBy === undefined ? [] : [`t.recorded_by = ANY (${bound(recordedBy)})`]),
    ...timeConditions('t', times, bound),
  ];
}

/**
 * SQL that holds for events with what is asked for in their own words and those of attached sources together. Found are
 * those that have it in their own, and those to which a source with any of the words is attached; then both are looked at.
 */
function wordsCondition(query: string, anyOfIt: string): string {
  const at = ['$1', '$2'] as const;
  const attached = `SELECT a.target FROM read.timeline a WHERE to_tsvector('english', a.words) @@ websearch_to_tsquery('english', ${anyOfIt})
    AND a.attached_words IS NOT NULL AND NOT a.retracted AND ${standsAt('a', ...at)}`;
  const words = `t.words || coalesce((SELECT string_agg(' ' || a.attached_words, '' ORDER BY a.published_order)
    FROM read.timeline a WHERE ${actsOn('a', 't', at)}), '')`;
  return `(to_tsvector('english', t.words) @@ websearch_to_tsquery('english', ${query}) OR t.event = ANY (ARRAY(${attached})))
    AND to_tsvector('english', ${words}) @@ websearch_to_tsquery('english', ${query})`;
}

const policyCondition = (slugs: string, scope: EventScope, bound: Bind): string => {
  const primary = isOfPolicy('t', slugs, bound);
  return scope === 'primary' ? primary : `(${primary} OR t.also_policies && ${bound(slugs.split(','))}::text[])`;
};
