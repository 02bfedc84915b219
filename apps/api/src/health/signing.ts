import { z } from 'zod';
import type { AuditStatus } from '#audit';
import { formatInstant, instant } from '#domain';

/** What answers say of how far the log is signed. */
export const signingSchema = z.object({
  state: z.enum(['following', 'halted', 'unattended']),
  size: z.int(),
  signedAt: z
    .string()
    .nullable()
    .meta({ format: 'date-time', description: 'When the newest checkpoint was signed; `null`: none is yet.' }),
  lagEvents: z.int(),
  error: z.string().nullable(),
});

/** The state of the audit for an answer. */
export const showSigning = ({ signedAt, ...status }: AuditStatus): z.output<typeof signingSchema> => ({
  ...status,
  signedAt: signedAt === null ? null : formatInstant(instant(Math.round(signedAt))),
});
