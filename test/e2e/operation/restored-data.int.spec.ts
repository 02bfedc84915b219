import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { acceptRollback, verifyExport } from '#audit';
import { checkedFetch } from '../../support/http/checked-fetch.js';
import { eventually } from '../../support/eventually.js';
import { clientOf, startWith } from '../running-application.js';
import { sampleEvent } from '../writes/sample-event.js';

const LIMIT_MS = 120_000;

interface Readiness {
  readonly status: string;
  readonly audit: { readonly state: string; readonly size: number; readonly error: string | null };
}

let folder: string;
let stop = (): Promise<void> => Promise.resolve();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ptl-restored-'));
});
afterAll(async () => {
  await stop();
  await rm(folder, { recursive: true, force: true });
});

/** Starts the application with its embedded server, key and checkpoint beside each other in the folder of data. */
async function started() {
  const application = await startWith({ DATA_DIR: folder, LOG_LEVEL: 'silent', SELF_CHECK_PAUSE_MS: '100' });
  stop = () => application.stop();
  const client = clientOf(application.url);
  const readiness = async (): Promise<Readiness> => (await client.get<Readiness>('/readyz')).body;
  const signedTo = async (size: number): Promise<string> => {
    await eventually(`${size} are signed`, async () => (await readiness()).audit.size === size);
    return (await client.get<string>('/v1/audit/checkpoint')).body;
  };
  return { ...client, readiness, signedTo };
}

const data = (name: string): string => join(folder, name);

describe('an older copy of the data folder, put back while the key stays', () => {
  it(
    'halts what signs, says what to do and goes on with everything else, until an operator accepts it',
    async () => {
      const first = await started();
      await first.post('/v1/policies', { slug: 'ferry', title: 'Ferry', kind: 'scheme', jurisdiction: 'GB' });
      const old = await first.signedTo(1);
      await stop();
      await cp(data('postgres'), data('copy'), { recursive: true, preserveTimestamps: true });
      const second = await started();
      for (const key of ['lost-one', 'lost-two']) await second.post('/v1/policies/ferry/events', sampleEvent(key));
      const lost = await second.signedTo(3);
      await stop();
      await rm(data('postgres'), { recursive: true });
      await cp(data('copy'), data('postgres'), { recursive: true, preserveTimestamps: true });

      const restored = await started();
      await eventually('it halts', async () => (await restored.readiness()).audit.state === 'halted');
      expect(await restored.readiness()).toMatchObject({
        status: 'degraded',
        audit: {
          size: 1,
          error: expect.stringMatching(
            /^The log ends at position 1, and the newest checkpoint kept beside the key is over 3 entries: an older state .*npx ptl audit accept-rollback --reason/,
          ),
        },
      });
      const { body: check } = await restored.get<{ readonly status: string }>('/v1/audit/self-check');
      expect(check.status).toBe('found');
      // What was lost is forgotten, what is recorded anew is taken, and nothing of it is signed.
      const recorded = await restored.post('/v1/policies/ferry/events', sampleEvent('anew'));
      expect(recorded).toMatchObject({ status: 201, body: { position: 2 } });
      expect((await restored.get<string>('/v1/audit/checkpoint')).body).toBe(old);

      const keyFile = data('audit.key');
      const accepting = { keyFile, noteFile: `${keyFile}.checkpoint`, reason: 'The disk was lost.', now: Date.now() };
      expect(await acceptRollback(accepting)).toMatchObject({ ok: true, value: { size: 3 } });
      const [, , root] = lost.split('\n');
      expect(await restored.signedTo(3)).toContain(`\nrollback-accepted 3 3 ${root}\n`);
      expect(await restored.readiness()).toMatchObject({ audit: { state: 'following', error: null } });

      // Whoever kept a checkpoint sees what became of it.
      const exported = Buffer.from(await (await checkedFetch(`${restored.url}/v1/audit/export`)).arrayBuffer());
      expect(await verifyExport([exported], { checkpoint: old })).toMatchObject({ verdict: 'verified' });
      expect(await verifyExport([exported], { checkpoint: lost })).toMatchObject({
        verdict: 'not-verified',
        fault: { reason: 'earlier-root-differs' },
      });
    },
    LIMIT_MS,
  );
});
