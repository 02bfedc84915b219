import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { instant } from '#domain';
import type { EventLog } from '#event-log';
import { namesInUse } from '#projections';
import { type Recording, type RecordingNeeds, createRecording } from '#recording';
import { systemClock } from '#runtime';
import { createNamingLock } from './naming-lock.js';
import type { Opening } from './open-together.js';

const SALT_BYTES = 16;

/** The database and the log that a process works on. */
export interface OpenedLog {
  readonly pool: pg.Pool;
  readonly log: EventLog;
}

/** Opens the write side of a process; there is one, so that all of the process shares what it knows of the log. */
export const openRecording = (
  { configuration: { timeZone: zone } }: Pick<Opening, 'configuration'>,
  { pool, log }: OpenedLog,
  onAcknowledged: RecordingNeeds['onAcknowledged'] = () => undefined,
): Recording =>
  createRecording({
    log,
    exclusively: createNamingLock(pool),
    zone,
    now: () => instant(systemClock()),
    recordedNames: () => namesInUse(pool),
    newSalt: () => randomBytes(SALT_BYTES).toString('base64'),
    onAcknowledged,
  });
