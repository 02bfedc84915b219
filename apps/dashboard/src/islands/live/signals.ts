import type { Address } from '../../http/address.js';

/** What the stream tells the pages of a browser; the states in it are not used, only that they changed. */
export type Signal =
  | { readonly kind: 'changed'; readonly policy: string; readonly causes: readonly string[] }
  | { readonly kind: 'restated' }
  | { readonly kind: 'connected'; readonly position: number }
  | { readonly kind: 'lost'; readonly since: string };

/** What a message of the stream of events (CloudEvents) tells: that its policies changed, the ones it is also about too. */
export function changesTold(text: string): readonly Signal[] {
  const { subject, id, data }: EventTold = JSON.parse(text);
  const policies = [subject, ...(data.alsoPolicies ?? [])];
  return policies.map((policy) => ({ kind: 'changed', policy, causes: [data.key ?? id] }));
}

interface EventTold {
  readonly id: string;
  readonly subject: string;
  readonly data: { readonly key?: string; readonly alsoPolicies?: readonly string[] };
}

/** What was told since a page last acted on it. */
export interface Gathered {
  readonly policies: readonly string[];
  /** The changes, each by the event that caused it. */
  readonly changes: readonly string[];
  readonly isRestated: boolean;
}

/** Nothing was told. */
export const NOTHING_GATHERED: Gathered = { policies: [], changes: [], isRestated: false };

/** Changes that come within this time are one. */
const GATHER_MS = 250;

/** A page that is pinned speaks no more often than this. */
const SPEAK_EVERY_MS = 5_000;

/** Adds what a signal tells to what was told before it. */
export function gather(gathered: Gathered, signal: Signal): Gathered {
  if (signal.kind === 'restated') return { ...gathered, isRestated: true };
  if (signal.kind !== 'changed') return gathered;
  const { policy, causes } = signal;
  // A change without a cause is a fact that took effect as time went on.
  const changes = causes.length === 0 ? [`${policy} by time`] : causes;
  return {
    ...gathered,
    policies: [...new Set([...gathered.policies, policy])],
    changes: [...new Set([...gathered.changes, ...changes])],
  };
}

/** True if what was told may change a page that shows one policy, or all of them. */
export function concernsPage({ policies, isRestated }: Gathered, shown: string | undefined): boolean {
  return isRestated || (shown === undefined ? policies.length > 0 : policies.includes(shown));
}

/** How long a page waits before it acts on what it is told. */
export function waitBeforeActing(page: { readonly isPinned: boolean; readonly sinceSpokenMs: number }): number {
  return page.isPinned ? Math.max(GATHER_MS, SPEAK_EVERY_MS - page.sinceSpokenMs) : GATHER_MS;
}

/** The parameters that hold a page at one point of what is known or recorded. */
const PINNING = ['knownAt', 'recordedAt', 'to', 'to.knownAt', 'to.recordedAt'] as const;

/** Takes every pin out of an address. */
export const UNPINNED = Object.fromEntries([...PINNING, 'validAt', 'cursor'].map((name) => [name, undefined]));

/** True if an address names what is known or recorded until when, so that later events do not change what it shows. */
export const isPinnedAddress = ({ parameters }: Address): boolean => PINNING.some((name) => parameters.has(name));

/** True if an address holds what is known at one day, while our record of that day may still change. */
export const isWatchable = ({ parameters }: Address): boolean =>
  parameters.has('knownAt') && !parameters.has('recordedAt') && !parameters.has('without');

/** True for pages that do not ask again by themselves: they follow in their own way, or somebody writes in them. */
export const staysStill = ({ path }: Address): boolean => /^\/(?:live|audit|record|help)(?:\/|$)/.test(path);

/** The one policy that a page shows, undefined for all. The permalink names it by its slug where the address has an alias. */
export function policyShown({ path, parameters }: Address, permalink: string | undefined): string | undefined {
  const [, bySlug] = /^\/v1\/policies\/([^/?]+)/.exec(permalink ?? '') ?? [];
  const [, byAddress] = /^\/policies\/([^/]+)/.exec(path) ?? [];
  return bySlug ?? byAddress ?? parameters.get('policy');
}
