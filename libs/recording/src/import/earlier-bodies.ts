import type { EventBody } from '#domain';
import { readPolicyRecord } from '../policy-record.js';
import type { RecordingNeeds } from '../recording-needs.js';
import type { Candidate } from './candidates.js';
import { recordingOrder } from './order.js';
import { bodyOf } from './pieces.js';
import type { Spool } from './spool.js';

interface Needs extends Pick<RecordingNeeds, 'log' | 'zone'> {
  readonly spool: Spool;
}

/** What the log holds of one policy, and what the lines about it say of records. */
interface OfPolicy {
  readonly policy: string;
  readonly onRecord: readonly EventBody[];
  readonly speaking: readonly { readonly candidate: Candidate; readonly body: EventBody }[];
}

/** The bodies that a line which corrects something is judged by. Keeps those of one policy at a time. */
export class EarlierBodies {
  #kept: OfPolicy | undefined;

  constructor(
    private readonly needs: Needs,
    private readonly byKey: ReadonlyMap<string, Candidate>,
  ) {}

  /** Bodies on record, of what the line is about, and of the lines before it that speak of records; targets first. */
  async before(line: Candidate, isOut: (candidate: Candidate) => boolean): Promise<readonly EventBody[]> {
    const { onRecord, speaking } = await this.#ofPolicy(line.policy);
    const chain = this.#chainFrom(line);
    const bodies = new Map(
      speaking
        .filter(({ candidate }) => candidate.line < line.line && !isOut(candidate))
        .map((each) => [each.candidate, each.body]),
    );
    for (const candidate of chain)
      if (!bodies.has(candidate)) bodies.set(candidate, (await bodyOf(candidate, this.needs)).body);
    return [...onRecord, ...recordingOrder([...bodies.keys()]).flatMap((candidate) => bodies.get(candidate) ?? [])];
  }

  /** What the line is about, what that is about, and so on, as far as they are lines too. */
  #chainFrom({ target }: Candidate): readonly Candidate[] {
    const chain = new Set<Candidate>();
    for (let next = this.#event(target); next && !chain.has(next); next = this.#event(next.target)) chain.add(next);
    return [...chain];
  }

  #event(key: string | undefined): Candidate | undefined {
    const candidate = this.byKey.get(key ?? '');
    return candidate?.type === undefined ? undefined : candidate;
  }

  async #ofPolicy(policy: string): Promise<OfPolicy> {
    if (this.#kept?.policy === policy) return this.#kept;
    const { events } = await readPolicyRecord(this.needs.log, policy);
    const about = [...this.byKey.values()].filter(
      (candidate) => candidate.policy === policy && candidate.type?.startsWith('record.'),
    );
    const speaking = await Promise.all(
      about.map(async (candidate) => ({ candidate, body: (await bodyOf(candidate, this.needs)).body })),
    );
    this.#kept = { policy, onRecord: events.map(({ body }) => body), speaking };
    return this.#kept;
  }
}
