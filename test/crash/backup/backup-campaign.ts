import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pace } from '../load/pace.js';
import { type Random, randomFrom } from '../load/random.js';
import type { Proof } from '../proofs/proofs.js';
import { PostgresServer } from '../servers/postgres-server.js';
import { openStoreServer } from '../servers/store-server.js';
import {
  type BackupRuns,
  backupsAreWhole,
  differingFiles,
  keepCopy,
  killOne,
  killedBackupsLeaveOne,
  takeOne,
} from './backup-runs.js';
import { proveDamage } from './damage-course.js';
import type { BackupOptions } from './options.js';
import { proveCopy, readOriginal } from './original.js';
import { type KilledRestores, killRestores, killedRestoresLeaveNothingOrAll, restoreOne } from './restore-runs.js';
import { type LogPlace, CampaignService, copyKey } from './running-service.js';
import { type Written, prepareLog, writeSteadily } from './steady-writers.js';
import { withClient } from './stored-rows.js';

/** What a campaign on backups came to: proofs, and figures of what was done. */
export interface BackupCampaignOutcome {
  readonly proofs: readonly Proof[];
  readonly figures: Readonly<Record<string, unknown>>;
}

interface Course {
  readonly options: BackupOptions;
  readonly random: Random;
  readonly folder: string;
  readonly server: PostgresServer;
  readonly cleaning: (() => Promise<void>)[];
  readonly tell: (what: string) => void;
}

/** Backs a log up while it is written to, restores it across servers and versions, kills and damages all of it. */
export async function runBackupCampaign(
  options: BackupOptions,
  tell: (what: string) => void,
): Promise<BackupCampaignOutcome> {
  const cleaning: (() => Promise<void>)[] = [];
  try {
    const folder = await mkdtemp(join(tmpdir(), 'ptl-backups-'));
    // The server of a data directory may run under another account.
    await chmod(folder, 0o755);
    cleaning.push(() => rm(folder, { recursive: true, force: true }));
    const others = { folder: options.postgres, locale: ['--locale-provider=icu', '--icu-locale=en-US'] };
    const server = await PostgresServer.create(options.postgres === '' ? undefined : others);
    const onExit = (): void => server.killNow();
    process.on('exit', onExit);
    cleaning.push(async () => {
      await server.remove();
      process.off('exit', onExit);
    });
    return await campaign({ options, random: randomFrom(options.seed), folder, server, cleaning, tell });
  } finally {
    for (const clean of cleaning.toReversed()) await clean();
  }
}

async function campaign(course: Course): Promise<BackupCampaignOutcome> {
  const { options, random, folder, server, tell } = course;
  tell('damaging a small backup');
  const small = await databasePlace(course, 'small');
  const empty = await databasePlace(course, 'empty');
  const damage = await proveDamage(small, {
    directory: join(folder, 'small-backup'),
    emptyUrl: empty.databaseUrl,
  });
  const source = await writeAndBackUp(course);
  const { directory, middle, original } = source;

  tell('restoring what was taken in the middle');
  const inMiddle = await databasePlace(course, 'middle');
  await copyKey(source.place, inMiddle);
  const restoredMiddle = await restoreOne(middle.directory, inMiddle);
  const early = { ...original, answers: middle.answers, rows: undefined };
  const proofsOfMiddle = await proveCopy(inMiddle, { original: early, restored: restoredMiddle, expected: middle });

  tell('killing restores into a server');
  const own = await databasePlace(course, 'own');
  await copyKey(source.place, own);
  const ofServer = { place: own, empty: () => recreate(server, 'own') };
  const kills = { kills: options.kills, random, wholeMs: restoredMiddle.workMs };
  const killedThere = await killRestores(directory, ofServer, kills);
  await ofServer.empty();
  const restoredOwn = await restoreOne(directory, own);
  tell(`proving what was restored into ${await versionOf(server)}`);
  const proofsOfOwn = await proveCopy(own, { original, restored: restoredOwn, expected: original });

  tell('backing the copy up, and killing restores of that into a data directory');
  const back = join(folder, 'back');
  const again = { place: own, directory: back, random };
  const runsBack = nothingRun();
  const takenBack = await takeOne(again, runsBack, original.position);
  const embedded = { name: 'embedded', dataFolder: join(folder, 'embedded') };
  await copyKey(source.place, embedded);
  const emptied = async (): Promise<void> => {
    await rm(join(embedded.dataFolder, 'postgres'), { recursive: true, force: true });
  };
  const first = await restoreOne(back, embedded);
  await emptied();
  const killedHere = await killRestores(back, { place: embedded, empty: emptied }, { ...kills, wholeMs: first.workMs });
  await emptied();
  const restoredBack = await restoreOne(back, embedded);
  tell('proving what came back into a data directory');
  const proofsOfBack = await proveCopy(embedded, { original, restored: restoredBack, expected: original });

  return {
    proofs: [
      ...damage.proofs,
      ...source.proofs,
      ...proofsOfMiddle,
      killedRestoresLeaveNothingOrAll(killedThere, `PostgreSQL ${await versionOf(server)}`),
      ...proofsOfOwn,
      {
        claim: 'a backup of the copy has the files of the backup that it is from, byte for byte',
        against: [...runsBack.against, ...(await differingFiles(directory, back))],
      },
      killedRestoresLeaveNothingOrAll(killedHere, 'a data directory'),
      ...proofsOfBack,
    ],
    figures: {
      postgres: await versionOf(server),
      bytesOfSmallBackup: damage.bytes,
      ...source.figures,
      restoreMs: { server: restoredOwn.tookMs, dataDirectory: restoredBack.tookMs },
      backupOfCopyMs: takenBack.tookMs,
      killedRestores: { server: countsOf(killedThere), dataDirectory: countsOf(killedHere) },
    },
  };
}

const countsOf = ({ before, after, done }: KilledRestores) => ({ before, after, done });

const nothingRun = (): BackupRuns => ({ taken: [], killed: { before: 0, after: 0 }, against: [], againstKills: [] });

/** Writes into a data directory at a pace while backups are taken and killed; stops, and takes the last one. */
async function writeAndBackUp(course: Course) {
  const { options, random, folder, cleaning, tell } = course;
  const store = await openStoreServer(options);
  cleaning.push(async () => store.close());
  const place: LogPlace = { name: 'source', dataFolder: join(folder, 'source'), kurrentUrl: store.url };
  const service = await CampaignService.start(place);
  cleaning.push(() => service.stop());
  tell(`importing ${options.events} events`);
  const key = await prepareLog(service.url, { events: options.events, seed: options.seed });
  await service.level();
  const directory = join(folder, 'backup');
  const runs = nothingRun();
  const backups = { place, directory, random };
  const full = await takeOne(backups, runs, options.events);
  tell('writing, with backups and kills');
  const pace = new Pace(options.rate);
  pace.limit = Infinity;
  const written: Written = { answered: [], wrong: [] };
  const begun = performance.now();
  const atPace = writeSteadily({ url: service.url, key }, { seed: options.seed, pace, written });
  const backingUp = backUpMeanwhile({ backups, runs, written, middle: join(folder, 'middle'), tell }, options);
  const [middle] = await Promise.all([backingUp.finally(() => pace.stop()), atPace]);
  const writingMs = performance.now() - begun;
  tell('coming to the head');
  const head = await service.level();
  const last = await takeOne(backups, runs, head);
  tell('asking for answers');
  const original = await readOriginal(service, { written, key, taken: last, count: options.answers, random });
  const answersOfMiddle = await original.ask(service.url, Math.ceil(options.answers / 4), middle.position);
  await service.stop();
  return {
    place,
    directory,
    original,
    middle: { ...middle, answers: answersOfMiddle },
    proofs: [
      { claim: `each of ${written.answered.length} requests was recorded`, against: written.wrong },
      backupsAreWhole(runs),
      killedBackupsLeaveOne(runs),
      ...(runs.taken.some(({ kept }) => kept > 0) || options.events < FULL_PART
        ? []
        : [{ claim: 'a later backup keeps full parts', against: ['none was kept'] }]),
    ],
    figures: {
      entries: head,
      recordedSingly: written.answered.length,
      writesPerSecond: Math.round(written.answered.length / (writingMs / 1000)),
      backupsMeanwhile: runs.taken.length - 2,
      killedBackups: runs.killed,
      backupMs: { full: full.tookMs, last: last.tookMs },
    },
  };
}

/** Entries in a full part of a backup. */
const FULL_PART = 16_384;

interface Meanwhile {
  readonly backups: Parameters<typeof takeOne>[0];
  readonly runs: BackupRuns;
  readonly written: Written;
  readonly middle: string;
  readonly tell: (what: string) => void;
}

const KILLS_IN_A_ROW = 3;

/** Takes backups and kills some, one after the other, until the kills are done and the time is over; keeps one of the first. */
async function backUpMeanwhile({ backups, runs, written, middle, tell }: Meanwhile, { kills, seconds }: BackupOptions) {
  let kept: { readonly position: number; readonly root: string; readonly directory: string } | undefined;
  const until = performance.now() + seconds * 1000;
  for (let killed = 0; kept === undefined || killed < kills || performance.now() < until;) {
    const least = written.answered.reduce((most, { position }) => Math.max(most, position), 0);
    const taken = await takeOne(backups, runs, least);
    if (kept === undefined) {
      await keepCopy(backups.directory, middle);
      kept = { position: taken.position, root: taken.root, directory: middle };
    }
    for (let now = 0; now < KILLS_IN_A_ROW && killed < kills; now += 1, killed += 1)
      await killOne(backups, runs, taken.workMs);
    tell(`${written.answered.length} recorded, ${runs.taken.length} backups, ${killed} killed`);
  }
  return kept;
}

type DatabasePlace = LogPlace & { readonly databaseUrl: string };

/** A database of its own on the server of the campaign, and a folder for the key. */
async function databasePlace({ server, folder }: Course, name: string): Promise<DatabasePlace> {
  await recreate(server, name);
  return { name, dataFolder: join(folder, `of-${name}`), databaseUrl: server.url.replace(/postgres$/, name) };
}

const recreate = (server: PostgresServer, name: string): Promise<void> =>
  withClient(server.url, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${name} TEMPLATE template0`);
  });

const versionOf = (server: PostgresServer): Promise<string> =>
  withClient(server.url, async (client) => {
    const { rows } = await client.query<{ version: string }>("SELECT current_setting('server_version') AS version");
    return rows[0]?.version ?? '';
  });
