import type { DefineCommand } from './define-command.js';

interface ListedCommand {
  readonly summary: string;
  readonly load: () => Promise<DefineCommand>;
}

/** All commands; the file of a command is loaded when the command is run. */
export const commands: Readonly<Record<string, ListedCommand>> = {
  verify: {
    summary: 'Verify an export, or an answer with its proof; needs no network and no database',
    load: () => import('./commands/verify.js').then(({ defineVerify }) => defineVerify),
  },
  replay: {
    summary: 'Rebuild every read model from the log, or from an export, and compare',
    load: () => import('./commands/replay.js').then(({ defineReplay }) => defineReplay),
  },
  audit: {
    summary: 'Accept that the log was restored to an older state: audit accept-rollback --reason "…"',
    load: () => import('./commands/audit.js').then(({ defineAudit }) => defineAudit),
  },
};
