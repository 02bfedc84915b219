import { type ScratchDatabase, withScratchLog } from '#audit';
import { createLogger, readConfiguration } from '#runtime';
import { startApplication } from '../../../../api/src/application.js';
import { EXIT, Failure } from '../../exit-code.js';
import { openFile } from '../../files.js';
import { Service } from '../../service/service.js';
import type { Terminal } from '../../terminal.js';

/** An export that was verified, and the zone in which the dates of its log are read. */
export interface OfflineExport {
  readonly file: string;
  readonly timeZone: string | undefined;
}

/**
 * Runs a command that asks the service, where the service is one of its own: on this machine alone, over a scratch
 * database with the entries of an export and nothing else. So an answer is made by the very code that serves it.
 *
 * Texts that can be erased are not in an export, and read as erased. Service and database are gone afterwards.
 */
export async function withExport<Result>(
  { file, timeZone }: OfflineExport,
  terminal: Terminal,
  run: (service: Service) => Promise<Result>,
): Promise<Result> {
  return withScratchLog((await openFile(file, terminal)).chunks, async (database) => {
    const application = await startOn(database, timeZone);
    try {
      return await run(await Service.open({ ...terminal, env: { PTL_URL: application.url } }));
    } finally {
      await application.stop();
    }
  });
}

async function startOn({ folder, ownerUrl, applicationUrl }: ScratchDatabase, timeZone = '') {
  const read = readConfiguration(
    {
      PORT: '0',
      HOST: '127.0.0.1',
      DATABASE_URL: applicationUrl,
      DATABASE_OWNER_URL: ownerUrl,
      DATA_DIR: folder,
      SEEDS: '',
      TIME_ZONE: timeZone,
      LOG_LEVEL: 'silent',
    },
    folder,
  );
  if (!read.ok) throw new Failure(EXIT.usage, read.mistakes.join('\n'));
  return startApplication(read.configuration, {
    logger: createLogger(read.configuration.logLevel),
    onLoss: () => undefined,
    stopping: new AbortController().signal,
  });
}
