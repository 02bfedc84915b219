import type { ListName } from './commands/reads/lists.js';
import type { ListedCommand } from './define-command.js';

const list = (name: ListName, summary: string): ListedCommand => ({
  summary,
  load: () => import('./commands/reads/lists.js').then(({ defineList }) => defineList(name)),
});

/** All commands; the file of a command is loaded when the command is run. */
export const commands: Readonly<Record<string, ListedCommand>> = {
  policies: list('policies', 'List policies with their status at a point'),
  'as-of': {
    summary: 'Show what was known of a policy at a point',
    load: () => import('./commands/reads/as-of.js').then(({ defineAsOf }) => defineAsOf),
  },
  timeline: {
    summary: 'List the events of a policy',
    load: () => import('./commands/reads/timeline.js').then(({ defineTimeline }) => defineTimeline),
  },
  diff: {
    summary: 'Compare two points; exit code 1 if anything differs',
    load: () => import('./commands/reads/diff.js').then(({ defineDiff }) => defineDiff),
  },
  blame: {
    summary: 'Show the event behind each field of a policy',
    load: () => import('./commands/reads/blame.js').then(({ defineBlame }) => defineBlame),
  },
  history: {
    summary: 'List every value that a field had, and when',
    load: () => import('./commands/reads/history.js').then(({ defineHistory }) => defineHistory),
  },
  facts: list('facts', 'List the fields of all policies as one table'),
  figures: list('figures', 'List figures, one row per claim, with conflicts'),
  positions: list('positions', 'List who supports or opposes what'),
  negotiations: list('negotiations', 'List negotiations and their stages'),
  claims: list('claims', 'List claims and how they stand'),
  sources: list('sources', 'List sources'),
  actors: list('actors', 'List who acted'),
  anomalies: list('anomalies', 'List what looks wrong in the record'),
  promises: list('promises', 'List what was promised for when, and what became of it'),
  turns: list('turns', 'List who changed position, and which policies were reversed'),
  impact: {
    summary: 'Show what rests on an event, a source, an actor or a correction',
    load: () => import('./commands/reads/impact.js').then(({ defineImpact }) => defineImpact),
  },
  tail: {
    summary: 'Follow what is recorded, live, and go on where an earlier run was',
    load: () => import('./commands/flows/tail.js').then(({ defineTail }) => defineTail),
  },
  import: {
    summary: 'Record policies and events from files',
    load: () => import('./commands/flows/import.js').then(({ defineImport }) => defineImport),
  },
  export: {
    summary: 'Write tables, or the log, to files',
    load: () => import('./commands/flows/export.js').then(({ defineExport }) => defineExport),
  },
  cite: {
    summary: 'Cite what was known of a policy at a point; cite verify says whether it still holds',
    load: () => import('./commands/reads/cite.js').then(({ defineCite }) => defineCite),
  },
  projections: {
    summary: 'List or rebuild read models: projections list, projections rebuild NAME',
    load: () => import('./commands/operation/projections.js').then(({ defineProjections }) => defineProjections),
  },
  keys: {
    summary: 'Make, list or revoke keys: keys create --name NAME --role ROLE, keys list, keys revoke ID',
    load: () => import('./commands/operation/keys.js').then(({ defineKeys }) => defineKeys),
  },
  sessions: {
    summary: 'List or end sessions of the page: sessions list, sessions end ID',
    load: () => import('./commands/operation/sessions.js').then(({ defineSessions }) => defineSessions),
  },
  doctor: {
    summary: 'Check the service, one line a check; exit code 1 on a warning',
    load: () => import('./commands/operation/doctor.js').then(({ defineDoctor }) => defineDoctor),
  },
  completion: {
    summary: 'Print a script that completes ptl in a shell',
    load: () => import('./commands/operation/completion.js').then(({ completionOf }) => completionOf(commands)),
  },
  verify: {
    summary: 'Verify an export, or an answer with its proof; needs no network and no database',
    load: () => import('./commands/offline/verify.js').then(({ defineVerify }) => defineVerify),
  },
  ask: {
    summary: 'Answer any read from an export alone, and compare saved answers with it',
    load: () => import('./commands/offline/ask.js').then(({ defineAsk }) => defineAsk),
  },
  replay: {
    summary: 'Rebuild every read model from the log, or from an export, and compare',
    load: () => import('./commands/offline/replay.js').then(({ defineReplay }) => defineReplay),
  },
  backup: {
    summary: 'Back up the log while it is in use: backup DIR',
    load: () => import('./commands/operation/backup.js').then(({ defineBackup }) => defineBackup),
  },
  restore: {
    summary: 'Restore a backup into an empty log, or verify it: restore DIR',
    load: () => import('./commands/operation/restore.js').then(({ defineRestore }) => defineRestore),
  },
  audit: {
    summary: 'Accept that the log was restored to an older state: audit accept-rollback --reason "…"',
    load: () => import('./commands/operation/audit.js').then(({ defineAudit }) => defineAudit),
  },
};
