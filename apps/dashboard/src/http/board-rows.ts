import type { HistoryRow } from '../graphics/lanes/history-segments.js';
import { type PromisedCount, type PromisedRow, countPromised } from './analysis/promised.js';
import type { PolicyState } from './answers.js';

/** What the table of all policies shows of one. */
export interface BoardRow {
  readonly policy: string;
  readonly title: string;
  readonly kind: string;
  readonly jurisdiction: string;
  readonly status: string | null;
  /** The event behind the status, and when it happened, in the form EDTF. */
  readonly since: { readonly event: string; readonly occurred: string } | null;
  readonly last: LastChange | null;
  readonly eventCount: number;
  readonly uncertainCount: number;
  /** Its plans and targets, counted by what became of them. */
  readonly promised: readonly PromisedCount[];
  /** Its statuses over valid time, as known at the coordinate. */
  readonly statuses: readonly BoardStatus[];
}

/** A status from when until when it held; `null`: open. */
export interface BoardStatus {
  readonly status: string;
  readonly event: string;
  readonly from: string | null;
  readonly to: string | null;
  /** It may have held then. */
  readonly isUncertain?: true;
}

/** The field of a policy that got its value last, by the day of publication. */
export interface LastChange {
  readonly field: string;
  readonly value: unknown;
  readonly event: string;
  /** A day, as an ISO date. */
  readonly publishedAt: string;
}

/** Keeps of an explained state what the table shows: the page carries its data with it. */
export function boardRowOf(
  policy: PolicyState,
  { history, promised }: { readonly history: readonly HistoryRow[]; readonly promised: readonly PromisedRow[] },
): BoardRow {
  const { status } = policy.state;
  const behind = policy.blame?.['status'];
  return {
    policy: policy.policy,
    title: policy.title,
    kind: policy.kind,
    jurisdiction: policy.jurisdiction,
    status: typeof status === 'string' ? status : null,
    since: behind === undefined ? null : { event: behind.event, occurred: behind.occurred },
    last: lastChange(policy),
    eventCount: policy.eventCount,
    uncertainCount: policy.uncertain.length,
    promised: countPromised(promised.filter((row) => row.policy === policy.policy)),
    statuses: history.filter((row) => row.policy === policy.policy).flatMap(statusOf),
  };
}

function statusOf({ value, event, valid, recorded, certainty }: HistoryRow): readonly BoardStatus[] {
  if (typeof value !== 'string' || recorded.to !== null) return [];
  const held = { status: value, event, from: valid.from, to: valid.to };
  return [certainty === 'uncertain' ? { ...held, isUncertain: true } : held];
}

function lastChange({ state, blame = {} }: PolicyState): LastChange | null {
  const newest = Object.entries(blame).reduce<readonly (typeof blame)[string][]>(([best], [, entry]) => {
    return [best === undefined || isNewer(entry, best) ? entry : best];
  }, [])[0];
  if (newest === undefined) return null;
  // An event may have set several fields; its status says most.
  const fields = Object.keys(blame).filter((field) => blame[field]?.event === newest.event);
  const field = fields.includes('status') ? 'status' : (fields[0] ?? '');
  const { event, publishedAt } = newest;
  return { field, value: valueAt(state, field), event, publishedAt: publishedAt.slice(0, 10) };
}

interface Placed {
  readonly publishedAt: string;
  readonly position: number;
}

const isNewer = (one: Placed, other: Placed): boolean =>
  one.publishedAt === other.publishedAt ? one.position > other.position : one.publishedAt > other.publishedAt;

/** The value of a field in a state, which nests at the first dot of a field's path. */
function valueAt(state: PolicyState['state'], field: string): unknown {
  const [group = '', ...rest] = field.split('.');
  const value = state[group];
  if (rest.length === 0 || typeof value !== 'object' || value === null) return state[field] ?? value;
  return new Map<string, unknown>(Object.entries(value)).get(rest.join('.'));
}

/** Orders rows by the day of their last change, newest first; what never changed comes last. */
export const sortByLastChange = (rows: readonly BoardRow[]): readonly BoardRow[] =>
  [...rows].sort((one, other) => (other.last?.publishedAt ?? '').localeCompare(one.last?.publishedAt ?? ''));
