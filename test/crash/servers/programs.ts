import { type Options, PROJECTOR_PROGRAM } from '../options.js';
import type { Program } from './process-under-test.js';

/** Where the processes find the database, the store where the log is kept in one, and the key that they sign with. */
export interface Place {
  readonly url: string;
  readonly kurrentUrl: string | undefined;
  readonly auditKey: string;
}

/** One copies, the other takes over. */
const SEQUENCERS = 2;

/** The processes of the application that a campaign runs. */
export function programsOf(
  { projectors, apis }: Pick<Options, 'projectors' | 'apis'>,
  { url, kurrentUrl, auditKey }: Place,
): Program[] {
  const log = kurrentUrl === undefined ? {} : { KURRENTDB_URL: kurrentUrl, SEQUENCER: 'off' };
  const environment = { DATABASE_URL: url, AUDIT_KEY_FILE: auditKey, LOG_LEVEL: 'warn', ...log };
  const sequencer = { path: 'apps/sequencer/src/main.ts', ready: /^sequencing/, environment };
  const projector = { path: PROJECTOR_PROGRAM, ready: /^projecting/, environment };
  const api = {
    path: 'apps/api/src/main.ts',
    ready: /^listening on (\S+)/,
    environment: { ...environment, PORT: '0', SEEDS: '', ...(projectors > 0 ? { PROJECTIONS: 'off' } : {}) },
  };
  return [
    ...Array.from({ length: kurrentUrl === undefined ? 0 : SEQUENCERS }, (_, index) => ({
      ...sequencer,
      name: `sequencer-${index + 1}`,
    })),
    ...Array.from({ length: projectors }, (_, index) => ({ ...projector, name: `projector-${index + 1}` })),
    ...Array.from({ length: apis }, (_, index) => ({ ...api, name: `api-${index + 1}` })),
  ];
}
