import type { Provider } from '@nestjs/common';
import type { Configuration } from '#runtime';
import { SPOOL } from '../tokens.js';
import { type ExportParts, ExportResponder } from './export-responder.js';
import { ExportSpool } from './spool.js';

/** What exports add to the application. */
export function exportProviders(
  { spoolFolder, spoolLimitBytes }: Pick<Configuration, 'spoolFolder' | 'spoolLimitBytes'>,
  needs: Omit<ExportParts, 'spool'>,
): readonly Provider[] {
  const spool = new ExportSpool({ folder: spoolFolder, limitBytes: spoolLimitBytes, now: Date.now });
  return [
    { provide: SPOOL, useValue: spool },
    { provide: ExportResponder, useValue: new ExportResponder({ ...needs, spool }) },
  ];
}
