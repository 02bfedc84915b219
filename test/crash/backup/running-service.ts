import { cp, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findEmbeddedServer } from '#runtime';
import { ProcessUnderTest } from '../servers/process-under-test.js';
import { withClient } from './stored-rows.js';

/** Where a log is: in a data directory with a server of its own, or in a database, with a key to sign with. */
export interface LogPlace {
  readonly name: string;
  readonly dataFolder: string;
  /** Absent where the server of the data directory is used. */
  readonly databaseUrl?: string;
  readonly kurrentUrl?: string | undefined;
}

/** The settings by which the service and `ptl` find a log. */
export const variablesOf = (place: LogPlace): Readonly<Record<string, string>> => ({
  DATA_DIR: place.dataFolder,
  AUDIT_KEY_FILE: keyFileOf(place),
  ...(place.databaseUrl === undefined ? {} : { DATABASE_URL: place.databaseUrl }),
  ...(place.kurrentUrl === undefined ? {} : { KURRENTDB_URL: place.kurrentUrl }),
});

/** The file of the key that a log is signed with. */
export const keyFileOf = ({ dataFolder }: LogPlace): string => join(dataFolder, 'key', 'audit.key');

/** Gives a place the key of another. */
export async function copyKey(from: LogPlace, to: LogPlace): Promise<void> {
  await mkdir(to.dataFolder, { recursive: true });
  await cp(dirname(keyFileOf(from)), dirname(keyFileOf(to)), { recursive: true });
}

/** The address of the database that a log is in, for whoever looks into it; undefined while no server runs there. */
export async function databaseOf({ dataFolder, databaseUrl }: LogPlace): Promise<string | undefined> {
  if (databaseUrl !== undefined) return databaseUrl;
  const server = await findEmbeddedServer(dataFolder);
  return server.state === 'running' ? server.url : undefined;
}

const START_LIMIT_MS = 180_000;
const LEVEL_LIMIT_MS = 600_000;
const LOOK_AGAIN_MS = 100;

/** A service on a log. */
export class CampaignService {
  readonly #onExit = (): void => this.process.killNow();

  private constructor(
    private readonly process: ProcessUnderTest,
    readonly url: string,
    readonly databaseUrl: string,
  ) {
    globalThis.process.on('exit', this.#onExit);
  }

  /** Starts a service, and waits until it takes requests; ended by `stop`. */
  static async start(place: LogPlace): Promise<CampaignService> {
    await mkdir(dirname(keyFileOf(place)), { recursive: true });
    const environment = { ...variablesOf(place), PORT: '0', SEEDS: '', LOG_LEVEL: 'warn' };
    const ready = /^listening on (\S+)/;
    const process = new ProcessUnderTest({ name: place.name, path: 'apps/api/src/main.ts', ready, environment });
    const isUp = await process.isUp(START_LIMIT_MS);
    const databaseUrl = await databaseOf(place);
    if (isUp && process.address !== undefined && databaseUrl !== undefined)
      return new CampaignService(process, process.address, databaseUrl);
    const { ends } = process.fate;
    await process.stop();
    throw new Error(`${place.name} did not start: ${ends.flatMap(({ lastLines }) => lastLines).join(' | ')}`);
  }

  /** Waits until the read models have come to the head of the log, and all of it is signed; answers the head. */
  async level(): Promise<number> {
    const deadline = Date.now() + LEVEL_LIMIT_MS;
    for (;;) {
      const { head, read, signed } = await this.#positions();
      if (read === head && signed === head) return head;
      if (Date.now() > deadline) throw new Error(`Head ${head}, read models at ${read}, signed to ${signed}.`);
      await delay(LOOK_AGAIN_MS);
    }
  }

  async #positions() {
    const { rows } = await withClient(this.databaseUrl, (client) =>
      client.query<{ head: number; read: number; signed: number }>(
        `SELECT (SELECT position FROM log.head)::float8 AS head, (SELECT min(position) FROM read.partitions)::float8 AS read,
          (SELECT max(size) FROM audit.checkpoints)::float8 AS signed`,
      ),
    );
    return rows[0] ?? { head: -1, read: -2, signed: -2 };
  }

  /** Asks it to end, and waits until it has. */
  async stop(): Promise<void> {
    await this.process.stop();
    globalThis.process.off('exit', this.#onExit);
  }
}
