import { instant } from '#domain';
import { type EventLog, createMemoryEventLog } from '#event-log';
import type {
  ImportLine,
  ImportOptions,
  ImportService,
  RecordOutcome,
  RecordingNeeds,
  RegisterOutcome,
  Recording,
} from '#recording';
import { createRecording } from '#recording';

/** The write side on a log in memory, where it is always the same time. */
export interface RecordingUnderTest extends Recording {
  readonly log: EventLog;
  readonly needs: RecordingNeeds;
}

/** Opens the write side on an empty log; `needs` replaces what it is given otherwise. */
export function openTestRecording(nowMs: number, needs: Partial<RecordingNeeds> = {}): RecordingUnderTest {
  const log = createMemoryEventLog(() => nowMs);
  const all = {
    log,
    zone: 'Europe/London',
    now: () => instant(nowMs),
    newSalt: () => 'c2FsdA==',
    onAcknowledged: () => undefined,
    ...needs,
  };
  return { log, needs: all, ...createRecording(all) };
}

/** A registration as a recorder sends it. */
export const registrationInput = (slug: string, ...aliases: readonly string[]) => ({
  slug,
  title: slug,
  kind: 'scheme',
  jurisdiction: 'GB',
  ...(aliases.length > 0 ? { aliases } : {}),
});

/** Makes announcements of a policy as a recorder sends them, each with what its test says of it. */
export const announcementsOf =
  (policy: string, common: object = {}) =>
  (key: string, more: object = {}) => ({
    key,
    type: 'policy.announced',
    policy,
    occurred: '2024-03-05',
    publishedAt: '2024-03-05',
    summary: 'Announced.',
    epistemic: 'confirmed',
    sources: [{ publisher: 'Ministry', title: 'Statement', publishedAt: '2024-03-05', genre: 'official' }],
    ...common,
    ...more,
  });

/** Makes records about other events of a policy as a recorder sends them. */
export const recordsOf =
  (policy: string) =>
  (type: string, key: string, target: string, more: object = {}) => ({
    key,
    type,
    policy,
    target,
    reason: 'Mistyped.',
    occurred: '2024-04-01',
    publishedAt: '2024-04-01',
    summary: 'About a record.',
    ...more,
  });

/** The outcome in a word, or every rejection as `code pointer`. */
export const outcomeText = (outcome: RecordOutcome | RegisterOutcome): string =>
  outcome.outcome === 'rejected'
    ? outcome.rejections.map(({ code, pointer }) => `${code} ${pointer}`).join(', ')
    : outcome.outcome;

/** What can be done on a write side, each answered in words. */
export const textsFrom = (side: () => Recording) => ({
  record: async (input: { readonly policy: string }): Promise<string> =>
    outcomeText(await side().recorder.record(input.policy, input, {})),
  register: async (...names: readonly [string, ...string[]]): Promise<string> =>
    outcomeText(await side().recorder.register(registrationInput(...names))),
  imported: async (...lines: readonly object[]): Promise<readonly string[]> =>
    importTexts(await importLines(side().imports, lines)),
});

/** The text in chunks that respect neither lines nor characters. */
async function* bytesOf(text: string | Buffer): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += 7919) yield bytes.subarray(start, start + 7919);
}

/** Imports a text, or lines of JSON; answers every line of the answer. */
export async function importLines(
  service: ImportService,
  input: string | Buffer | readonly object[],
  options: Partial<ImportOptions> = {},
): Promise<readonly ImportLine[]> {
  const text =
    typeof input === 'string' || Buffer.isBuffer(input) ? input : input.map((line) => JSON.stringify(line)).join('\n');
  const answers: ImportLine[] = [];
  for await (const answer of service.import(bytesOf(text), { dryRun: false, atomic: false, ...options }))
    answers.push(answer);
  return answers;
}

/** The result of each line, with every rejection as `code pointer`. */
export const importTexts = (answers: readonly ImportLine[]): readonly string[] =>
  answers.flatMap((answer) =>
    'summary' in answer
      ? []
      : [[answer.result, ...(answer.errors ?? []).map(({ code, pointer }) => `${code} ${pointer}`)].join(' ')],
  );
