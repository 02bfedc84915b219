import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventTypes } from '../../../libs/domain/src/index.js';
import { checkedFetch } from '../../support/http/checked-fetch.js';
import { type TestApplication, parseLines, runApplication } from '../running-application.js';

/** Types of events that fill the read models. */
const TYPES = [
  'figure.reported',
  'figure.revised',
  'position.stated',
  'negotiation.opened',
  'claim.made',
  'target.set',
  'policy.resumed',
];

/** The union turns. */
const TURNED = {
  ...eventTypes.get('position.stated')?.example,
  key: 'union-supports-toll',
  occurred: '2024-09-05',
  publishedAt: '2024-09-05',
  stance: 'support',
};

/** A service with the worked example and rows in every read model, and a folder for files. */
export interface PtlWorld {
  readonly application: TestApplication;
  readonly folder: string;
  /** The path of a file in the folder. */
  at(name: string): string;
  /** Saves an answer of the service; answers the path of its file. */
  readonly save: (path: string, name: string) => Promise<string>;
  /** Ends all that happened to the toll, and with it what is known at present. */
  endToll(): Promise<void>;
  close(): Promise<void>;
}

export async function openPtlWorld(): Promise<PtlWorld> {
  const application = await runApplication();
  await application.importLines(parseLines('../worked-example/events.ndjson'));
  await application.importLines([...TYPES.map((type) => eventTypes.get(type)?.example), TURNED]);
  const folder = await mkdtemp(join(tmpdir(), 'ptl-cli-'));
  const at = (name: string): string => join(folder, name);
  return {
    application,
    folder,
    at,
    save: async (path, name) => {
      await writeFile(at(name), Buffer.from(await (await checkedFetch(`${application.url}${path}`)).arrayBuffer()));
      return at(name);
    },
    endToll: async () => {
      await application.post('/v1/policies/harbour-toll/events', {
        key: 'one-more',
        type: 'policy.ended',
        policy: 'harbour-toll',
        occurred: '2025-01-01',
        publishedAt: '2025-01-02',
        summary: 'It ended.',
        epistemic: 'confirmed',
        sources: [{ publisher: 'Ministry', title: 'Notice', publishedAt: '2025-01-02', genre: 'official' }],
      });
    },
    close: async () => {
      await application.stop();
      await rm(folder, { recursive: true });
    },
  };
}
