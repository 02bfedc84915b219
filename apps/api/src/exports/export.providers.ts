import type { Provider } from '@nestjs/common';
import type { Configuration } from '#runtime';
import { SPOOL } from '../tokens.js';
import { type ExportParts, ExportResponder } from './export-responder.js';
import { ExportSpool } from './spool.js';

/** What exports add to the application. */
export const exportProviders = (parts: ExportParts): readonly Provider[] => [
  { provide: SPOOL, useValue: parts.spool },
  { provide: ExportResponder, useValue: new ExportResponder(parts) },
];

/** The spool of a process. */
export const createSpool = ({
  spoolFolder: folder,
  spoolLimitBytes: limitBytes,
}: Pick<Configuration, 'spoolFolder' | 'spoolLimitBytes'>): ExportSpool =>
  new ExportSpool({ folder, limitBytes, now: Date.now });
