import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** How large a campaign is, and how hard. */
export interface Options {
  readonly events: number;
  /** Processes killed with SIGKILL: of the application and of the database. Other faults come on top, in proportion. */
  readonly kills: number;
  readonly projectors: number;
  readonly apis: number;
  /** Writing and faults end after so long, whether or not all were done. */
  readonly minutes: number;
  readonly seed: number;
  /** Keeps the log in KurrentDB: `double`, or the address of a fresh server; empty for PostgreSQL. */
  readonly kurrentdb: string;
  /** Most events appended a second; 0 for as many as go. */
  readonly rate: number;
}

/** Where the projections run as a process of their own. */
export const PROJECTOR_PROGRAM = 'apps/projector/src/main.ts';

export const USAGE = `npm run crash -- [--events N] [--kills N] [--projectors N] [--apis N] [--minutes N] [--seed N] [--rate N] [--kurrentdb double|URL]`;

/** Reads the command line; throws with a sentence for what it does not know. */
export function readOptions(given: readonly string[], today: Date): Options {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...given],
    options: {
      events: text,
      kills: text,
      projectors: text,
      apis: text,
      minutes: text,
      seed: text,
      rate: text,
      kurrentdb: text,
    },
  });
  const hasProjector = existsSync(PROJECTOR_PROGRAM);
  const options = {
    events: numberOf('events', values.events ?? '20000'),
    kills: numberOf('kills', values.kills ?? '50'),
    projectors: numberOf('projectors', values.projectors ?? (hasProjector ? '3' : '0')),
    apis: numberOf('apis', values.apis ?? (hasProjector ? '1' : '2')),
    minutes: numberOf('minutes', values.minutes ?? '60'),
    seed: numberOf('seed', values.seed ?? String(today.getTime() % 1_000_000_000)),
    kurrentdb: values.kurrentdb ?? '',
    rate: numberOf('rate', values.rate ?? '0'),
  };
  if (options.projectors > 0 && !hasProjector) throw new Error(`There is no ${PROJECTOR_PROGRAM} yet: --projectors 0.`);
  if (options.projectors + options.apis === 0) throw new Error('Nobody would bring the read models on.');
  return options;
}

function numberOf(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} must be a whole number.`);
  return Number(text);
}
