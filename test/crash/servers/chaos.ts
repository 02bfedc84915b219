import { setTimeout as delay } from 'node:timers/promises';
import type { Pace } from '../load/pace.js';
import { type CrashFault, type PlannedFault, isKill } from '../plan.js';
import type { PostgresServer } from './postgres-server.js';
import type { ProcessUnderTest } from './process-under-test.js';
import type { Proxy } from './proxy.js';
import { itemAt } from '../load/random.js';

/** What faults hit. */
export interface Targets {
  readonly server: PostgresServer;
  readonly proxy: Proxy;
  readonly processes: readonly ProcessUnderTest[];
  readonly pace: Pace;
}

/** What was done. */
export interface Done {
  readonly faults: Record<string, number>;
  kills: number;
  /** How long the database took to answer again after each of its crashes. */
  readonly recoveriesMs: number[];
}

export const nothingDone = (): Done => ({ faults: {}, kills: 0, recoveriesMs: [] });

/**
 * Brings about the plan, fault by fault, until it is over or the pace stops. Leaves everything running.
 *
 * Writers get no further than to the next fault. When it is time for it they are let on, and so it finds them at work.
 */
export async function wreak(plan: readonly PlannedFault[], targets: Targets, done: Done): Promise<void> {
  const { pace } = targets;
  pace.limit = plan[0]?.afterEvents ?? Infinity;
  for (const [index, { pauseMs, afterEvents, fault }] of plan.entries()) {
    await Promise.all([delay(pauseMs), pace.reached(afterEvents)]);
    if (pace.isStopped) break;
    pace.limit = plan[index + 1]?.afterEvents ?? Infinity;
    await pace.reached(afterEvents + 1);
    await bringAbout(fault, targets, done);
    const name = fault.kind === 'disk-full' ? `${fault.kind}-of-${fault.of}` : fault.kind;
    done.faults[name] = (done.faults[name] ?? 0) + 1;
    if (isKill(fault)) done.kills += 1;
  }
  await Promise.all(targets.processes.map((each) => each.awake()));
}

async function bringAbout(fault: CrashFault, targets: Targets, done: Done): Promise<void> {
  const { server, proxy, processes } = targets;
  switch (fault.kind) {
    case 'kill-process':
      return itemAt(processes, fault.share)?.kill();
    case 'pause':
      return itemAt(processes, fault.share)?.pause(fault.forMs);
    case 'kill-server':
      return recovered(server, done, async () => {
        await server.kill();
        await delay(fault.downMs);
      });
    case 'kill-postmaster':
      return recovered(server, done, () => server.killPostmaster());
    case 'kill-backend':
      return recovered(server, done, () => server.killBackend((pids) => itemAt(pids, fault.share)));
    case 'cut':
      proxy.cut(fault.portion);
      return;
    case 'tear':
      proxy.tear(fault.portion);
      return;
    case 'stall':
      proxy.stall();
      await delay(fault.forMs);
      return proxy.flow();
    case 'disk-full':
      await server.fillDisk(fault.of);
      await delay(fault.forMs);
      return server.freeDisk(fault.of);
  }
}

async function recovered(server: PostgresServer, done: Done, crash: () => Promise<void>): Promise<void> {
  await crash();
  const begun = performance.now();
  await server.start();
  done.recoveriesMs.push(Math.round(performance.now() - begun));
}
