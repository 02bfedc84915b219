import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readVerifierKey } from '#audit';
import { BackupFolder, takeBackup, verifyBackup } from '#backup';
import { openPool } from '#postgres';
import { migrateAll } from '../../../libs/composition/src/database.js';
import type { Proof } from '../proofs/proofs.js';
import { countOpens, everyByteCounts, everyByteCountsLater, everyFileCounts } from './damage.js';
import { type LogPlace, CampaignService, keyFileOf } from './running-service.js';

/** Bytes that are changed after a backup was verified: one in so many, since each takes a transaction. */
const LATER_EACH = 7;

const registration = { slug: 'small', title: 'Small', kind: 'scheme', jurisdiction: 'GB' };
const event = {
  key: 'small-one',
  type: 'terms.changed',
  policy: 'small',
  occurred: '2024-03-05',
  publishedAt: '2024-03-05',
  summary: 'Something happened.',
  epistemic: 'confirmed',
  actors: [{ name: 'A. Nonymous', kind: 'person', private: true }],
  sources: [{ publisher: 'Ministry', title: 'Statement', publishedAt: '2024-03-05', genre: 'official' }],
};
const cited = { url: '/v1/policies/small?knownAt=2024-10-10&validAt=2024-07-15&recordedAt=@2' };

/** Makes a small log with something in every table, backs it up, and tries the backup out with every damage. */
export async function proveDamage(
  small: LogPlace,
  { directory, emptyUrl }: { readonly directory: string; readonly emptyUrl: string },
): Promise<{ readonly bytes: number; readonly proofs: readonly Proof[] }> {
  await takeSmall(small, directory);
  const names = await readdir(directory);
  const files = new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(directory, name))] as const)),
  );
  const key = await readVerifierKey(keyFileOf(small));
  if (!key) throw new Error('The small log has no key.');
  await migrateAll(emptyUrl);
  const pool = openPool({ url: emptyUrl, name: 'damage', onIdleError: () => undefined });
  try {
    const ground = { files, key, pool, url: emptyUrl };
    const opens = await countOpens(files, (watched) => verifyBackup(watched, key));
    const proofs = [
      await everyByteCounts(ground),
      await everyFileCounts(ground),
      await everyByteCountsLater(ground, opens, LATER_EACH),
    ];
    return { bytes: [...files.values()].reduce((sum, { length }) => sum + length, 0), proofs };
  } finally {
    await pool.end();
  }
}

async function takeSmall(small: LogPlace, directory: string): Promise<void> {
  const service = await CampaignService.start(small);
  const post = async (path: string, body: object): Promise<void> => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': `small-${path.length}` };
    const response = await fetch(`${service.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  };
  try {
    await post('/v1/policies', registration);
    await post('/v1/policies/small/events', event);
    await service.level();
    await post('/v1/citations', cited);
    const pool = openPool({ url: service.databaseUrl, name: 'small', onIdleError: () => undefined });
    const folder = new BackupFolder(directory);
    const outcome = await takeBackup({ pool, folder, now: Date.now, onProgress: () => undefined }).finally(() =>
      pool.end(),
    );
    if (outcome.outcome === 'refused') throw new Error(outcome.message);
  } finally {
    await service.stop();
  }
}
