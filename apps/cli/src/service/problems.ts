import { z } from 'zod';
import { EXIT, type ExitCode, Failure } from '../exit-code.js';
import { parseJsonText } from '../parse-json.js';

const problem = z.object({
  title: z.string(),
  detail: z.string().optional(),
  errors: z.array(z.object({ message: z.string() })).optional(),
});

/** The failure that a response reports: with what the service says, and the exit code for its status. */
export async function failureOf(response: Response): Promise<Failure> {
  const read = problem.safeParse(parseJsonText(await response.text().catch(() => '')));
  const code = exitCodeFor(response.status);
  if (!read.success) return new Failure(code, `${response.url} answered ${response.status} ${response.statusText}.`);
  const { title, detail, errors = [] } = read.data;
  const others = errors.map(({ message }) => message).filter((message) => !detail?.includes(message));
  return new Failure(code, [`${title}. ${detail ?? ''}`.trimEnd(), ...others].join('\n  '));
}

function exitCodeFor(status: number): ExitCode {
  if (status === 404 || status === 410) return EXIT.notFound;
  // What a question asked in a way that it cannot be answered: in words, or in a format that it does not have.
  if (status === 400 || status === 406) return EXIT.usage;
  return status >= 500 || status === 429 ? EXIT.unavailable : EXIT.rejected;
}

/** The failure of a request that got no answer, or not all of one. */
export const unreachable = (url: string, error: unknown): Failure =>
  new Failure(
    EXIT.unavailable,
    `${url} cannot be reached (${reasonOf(error)}). Start the service there, or set PTL_URL to its address.`,
  );

/** Why a connection failed: fetch has the reason in the cause of its error, or in the causes of that. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  if (error.cause !== undefined) return reasonOf(error.cause);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
