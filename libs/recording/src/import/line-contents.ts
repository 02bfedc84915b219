import { type EventBody, type Registration, type Rejection, readBody, readRegistration } from '#domain';
import type { Turns } from '#runtime/turns';
import type { PolicyGraphs } from '../policies/policy-graphs.js';
import { type PolicyNames, bySlugs } from '../policies/policy-names.js';
import type { RecordingNeeds } from '../recorder/recording-needs.js';
import type { Candidate } from './candidates.js';
import type { Spool } from './input/spool.js';

/** The dependencies of a check. */
export interface CheckNeeds extends Pick<RecordingNeeds, 'log' | 'zone' | 'now' | 'newSalt'> {
  readonly spool: Spool;
  /** Id of whoever imports. */
  readonly by?: string | undefined;
  readonly names: PolicyNames;
  readonly graphs: PolicyGraphs;
  readonly turns: Turns;
}

/** The body of an event's line, policies by their slugs, and what is wrong with it then. */
export async function bodyOf(
  { slugs, ...piece }: Candidate,
  { spool, zone }: { readonly spool: Spool; readonly zone: string },
): Promise<{ readonly body: EventBody; readonly rejections: readonly Rejection[] }> {
  const line: Readonly<Record<string, unknown>> = JSON.parse(await spool.read(piece));
  const body = readBody(line, zone);
  return slugs ? bySlugs(body, (name) => slugs.get(name)) : { body, rejections: [] };
}

/** The registration of a line that registers a policy. */
export async function registrationOf(piece: Candidate, spool: Spool): Promise<Registration> {
  const line: { policy: Registration } = JSON.parse(await spool.read(piece));
  return readRegistration(line.policy);
}
