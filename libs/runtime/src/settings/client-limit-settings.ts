import { z } from 'zod';

/** How much each client may ask for, as it is configured. */
export interface ClientLimitSettings {
  /** Whose requests are counted: those of clients on other machines, of everybody, or of nobody. */
  readonly of: 'others' | 'everybody' | 'nobody';
  readonly readsPerMinute: number;
  readonly writesPerMinute: number;
  readonly exportMegabytesPerHour: number;
  /** Requests of signing in and out, of each address. */
  readonly signInsPerMinute: number;
  /** The most answers that are worked out anew from many events at a time, whoever asks. */
  readonly costlyReadsAtOnce: number;
}

const READS_PER_MINUTE = 1_200;

const WRITES_PER_MINUTE = 600;

const EXPORT_MB_PER_HOUR = 4_096;

/** A person needs two to sign in, and a whole office may have one address. */
const SIGN_INS_PER_MINUTE = 120;

const COSTLY_READS = 4;

const amount = z
  .string()
  .regex(/^[1-9]\d{0,5}$/, 'must be a whole number from 1 to 999999')
  .transform(Number);

/** The variables of the limits of clients. */
export const clientLimitVariables = {
  LIMITS: z
    .enum(['others', 'everybody', 'nobody'], 'must be others (than this machine), everybody or nobody')
    .default('others'),
  READS_PER_MINUTE: amount.default(READS_PER_MINUTE),
  WRITES_PER_MINUTE: amount.default(WRITES_PER_MINUTE),
  EXPORT_MB_PER_HOUR: amount.default(EXPORT_MB_PER_HOUR),
  SIGN_INS_PER_MINUTE: amount.default(SIGN_INS_PER_MINUTE),
  COSTLY_READS: amount.default(COSTLY_READS),
};

/** The limits of clients that variables give. */
export const clientLimitSettings = (
  given: z.output<z.ZodObject<typeof clientLimitVariables>>,
): ClientLimitSettings => ({
  of: given.LIMITS,
  readsPerMinute: given.READS_PER_MINUTE,
  writesPerMinute: given.WRITES_PER_MINUTE,
  exportMegabytesPerHour: given.EXPORT_MB_PER_HOUR,
  signInsPerMinute: given.SIGN_INS_PER_MINUTE,
  costlyReadsAtOnce: given.COSTLY_READS,
});
