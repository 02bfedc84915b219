import { type Random, randomFrom } from './load/random.js';

/** Something that goes wrong. A `share` from 0 to 1 says which process or backend it hits, of those that are there. */
export type CrashFault =
  /** SIGKILL of a projector or an API, which is started again at once. */
  | { readonly kind: 'kill-process'; readonly share: number }
  /** SIGKILL of the database server with all its backends, which is started again after a while. */
  | { readonly kind: 'kill-server'; readonly downMs: number }
  /** SIGKILL of the postmaster alone: its backends notice and end by themselves. */
  | { readonly kind: 'kill-postmaster' }
  /** SIGKILL of one backend: the postmaster ends all the others and recovers. */
  | { readonly kind: 'kill-backend'; readonly share: number }
  /** Connections are cut wherever they are; `portion` of them. */
  | { readonly kind: 'cut'; readonly portion: number }
  /** Connections are cut in the middle of the server's next answer: what was asked for was done. */
  | { readonly kind: 'tear'; readonly portion: number }
  /** Nothing goes through for a while, then everything. */
  | { readonly kind: 'stall'; readonly forMs: number }
  /** SIGSTOP of a process for longer than any lease, then SIGCONT. */
  | { readonly kind: 'pause'; readonly share: number; readonly forMs: number }
  /** Nothing can be inserted for a while, since the disk is full, into the log or into read models. */
  | { readonly kind: 'disk-full'; readonly of: 'log' | 'read-models'; readonly forMs: number };

/** A fault, and when: not sooner after the one before, and once so many events are appended. */
export interface PlannedFault {
  readonly pauseMs: number;
  readonly afterEvents: number;
  readonly fault: CrashFault;
}

const KILLS = { 'kill-process': 55, 'kill-server': 20, 'kill-postmaster': 8, 'kill-backend': 17 } as const;
const OTHERS = { cut: 35, tear: 35, stall: 15, 'disk-full': 15 } as const;
const OTHERS_A_KILL = 0.8;
const KILLS_A_PAUSE = 20;
const LONGEST_PAUSE_MS = 1200;
const LEASE_MS = 10_000;

/** Longer than the log tries to reach its database before it tells whoever appends. */
const LONG_OUTAGE_MS = [4000, 7000] as const;

/** The faults of a campaign, in order, spread over its events. The same size and seed give the same plan. */
export function planFaults({
  events,
  kills,
  seed,
}: {
  readonly events: number;
  readonly kills: number;
  readonly seed: number;
}): readonly PlannedFault[] {
  const random = randomFrom(seed);
  const faults: CrashFault[] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    faults.push(killFault(random));
    if (random.chance(OTHERS_A_KILL)) faults.push(otherFault(random));
    if (kill % KILLS_A_PAUSE === Math.floor(KILLS_A_PAUSE / 3)) faults.push(pauseFault(random));
  }
  return spread(faults, events, random);
}

/** A full disk gets more of the events, so that writing goes on meanwhile. */
function spread(faults: readonly CrashFault[], events: number, random: Random): readonly PlannedFault[] {
  const weights = faults.map(weightOf);
  const total = weights.reduce((sum, weight) => sum + weight, 1);
  let before = 0.5;
  return faults.map((fault, index) => {
    const share = (before + 0.3 * random.share()) / total;
    before += weights[index] ?? 1;
    return { pauseMs: random.between(0, LONGEST_PAUSE_MS), afterEvents: Math.floor(events * share), fault };
  });
}

const weightOf = ({ kind }: CrashFault): number => (kind === 'disk-full' ? 3 : 1);

/** True for the faults that `--kills` counts. */
export const isKill = ({ kind }: CrashFault): boolean => kind in KILLS;

function killFault(random: Random): CrashFault {
  const kind = random.weighted(KILLS);
  switch (kind) {
    case 'kill-process':
    case 'kill-backend':
      return { kind, share: random.share() };
    case 'kill-server':
      return { kind, downMs: random.chance(0.25) ? random.between(...LONG_OUTAGE_MS) : 0 };
    case 'kill-postmaster':
      return { kind };
  }
}

function otherFault(random: Random): CrashFault {
  const kind = random.weighted(OTHERS);
  switch (kind) {
    case 'cut':
    case 'tear':
      return { kind, portion: random.chance(0.3) ? 1 : random.share() };
    case 'stall':
      return { kind, forMs: random.between(200, 3000) };
    case 'disk-full':
      return { kind, of: random.chance(0.5) ? 'log' : 'read-models', forMs: random.between(300, 2000) };
  }
}

const pauseFault = (random: Random): CrashFault => ({
  kind: 'pause',
  share: random.share(),
  forMs: LEASE_MS + random.between(1500, 4000),
});
