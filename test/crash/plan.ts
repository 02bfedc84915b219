import { type Random, randomFrom } from './random.js';

/** Something that goes wrong. A `share` from 0 to 1 says which process or backend it hits, of those that are there. */
export type Fault =
  /** SIGKILL of a projector or an API, which is started again at once. */
  | { readonly kind: 'kill-process'; readonly share: number }
  /** SIGKILL of the database server with all its backends. */
  | { readonly kind: 'kill-server' }
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
  /** The server's files may not be written beyond a size: tables cannot grow, or the write-ahead log cannot be written. */
  | { readonly kind: 'disk-full'; readonly of: 'tables' | 'write-ahead-log'; readonly forMs: number };

/** A fault, and when: once so many events are acknowledged, and so long after that. */
export interface PlannedFault {
  readonly afterEvents: number;
  readonly thenMs: number;
  readonly fault: Fault;
}

const KILLS = { 'kill-process': 55, 'kill-server': 20, 'kill-postmaster': 8, 'kill-backend': 17 } as const;
const OTHERS = { cut: 35, tear: 35, stall: 15, 'disk-full': 15 } as const;
const OTHERS_A_KILL = 0.8;
const KILLS_A_PAUSE = 20;
const LONGEST_WAIT_MS = 1200;
const LEASE_MS = 10_000;

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
  const faults: Fault[] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    faults.push(killFault(random));
    if (random.chance(OTHERS_A_KILL)) faults.push(otherFault(random));
    if (kill % KILLS_A_PAUSE === Math.floor(KILLS_A_PAUSE / 3)) faults.push(pauseFault(random));
  }
  return faults.map((fault, index) => ({
    afterEvents: Math.floor((events * (index + random.share())) / (faults.length + 1)),
    thenMs: random.between(0, LONGEST_WAIT_MS),
    fault,
  }));
}

/** True for the faults that `--kills` counts. */
export const isKill = ({ kind }: Fault): boolean => kind in KILLS;

function killFault(random: Random): Fault {
  const kind = random.weighted(KILLS);
  return kind === 'kill-process' || kind === 'kill-backend' ? { kind, share: random.share() } : { kind };
}

function otherFault(random: Random): Fault {
  const kind = random.weighted(OTHERS);
  switch (kind) {
    case 'cut':
    case 'tear':
      return { kind, portion: random.chance(0.3) ? 1 : random.share() };
    case 'stall':
      return { kind, forMs: random.between(200, 3000) };
    case 'disk-full':
      return { kind, of: random.chance(0.7) ? 'tables' : 'write-ahead-log', forMs: random.between(300, 2000) };
  }
}

const pauseFault = (random: Random): Fault => ({
  kind: 'pause',
  share: random.share(),
  forMs: LEASE_MS + random.between(1500, 4000),
});
