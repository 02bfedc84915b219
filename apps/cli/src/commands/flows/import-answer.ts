import { z } from 'zod';
import { EXIT, Failure } from '../../exit-code.js';
import { unreachable } from '../../service/problems.js';

const lineSchema = z.looseObject({ line: z.int(), result: z.string() });

const summarySchema = z.object({
  summary: z.object({ lines: z.int(), recorded: z.int(), repeated: z.int(), rejected: z.int(), dryRun: z.boolean() }),
});

/** The totals of an import. */
export type ImportSummary = z.output<typeof summarySchema>['summary'];

/** What one part of the answer to an import says. */
interface ImportAnswerPart {
  readonly lines: readonly z.output<typeof lineSchema>[];
  readonly summary?: ImportSummary;
}

/** Reads the answer to an import as it arrives. Throws a {@link Failure} if it ends before its summary. */
export async function* readImportAnswer(response: Response, url: string): AsyncGenerator<ImportAnswerPart> {
  let rest = '';
  let isComplete = false;
  try {
    for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const whole = (rest + text).split('\n');
      rest = whole.pop() ?? '';
      const part = readPart(whole);
      isComplete ||= part.summary !== undefined;
      yield part;
    }
  } catch (error) {
    throw error instanceof Failure ? error : unreachable(url, error);
  }
  if (isComplete) return;
  throw new Failure(
    EXIT.unavailable,
    'The answer ended before the import was complete. Import the same again: what is recorded already is repeated.',
  );
}

function readPart(whole: readonly string[]): ImportAnswerPart {
  const values = whole.filter((line) => line !== '').map((line): unknown => JSON.parse(line));
  const last = summarySchema.safeParse(values.at(-1));
  const lines = (last.success ? values.slice(0, -1) : values).map((value) => lineSchema.parse(value));
  return last.success ? { lines, summary: last.data.summary } : { lines };
}
