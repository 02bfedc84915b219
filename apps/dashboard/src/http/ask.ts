/** An answer of the interface under `/v1`, as the page reads it. */
export interface Answer {
  readonly status: number;
  /** The JSON text of the answer, or of its problem document. */
  readonly text: string;
  /** After how many seconds it is worth asking again, where the answer says so. */
  readonly retryAfterSeconds?: number | undefined;
}

/** A function that reads one address of the interface: over HTTP in the browser, within the process on the server. */
export type Ask = (address: string) => Promise<Answer>;

/** A link that leads on from where there is nothing to see. */
export interface WayOut {
  readonly href: string;
  readonly words: string;
}

/** Why an address could not be answered, in the words of its problem document (RFC 9457). */
export interface Problem {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly errors: readonly { readonly pointer: string; readonly message: string }[];
  /** A name like the one that is not on record. */
  readonly near?: string;
  /** The position from which on the answer would be another. */
  readonly since?: number;
  /** The last position in the log. */
  readonly head?: number;
  /** Where the page itself knows what may be meant. */
  readonly links?: readonly WayOut[];
  readonly retryAfterSeconds?: number | undefined;
}

/** What an address answered, or why it did not. */
export type Read<Body> = { readonly ok: true; readonly body: Body } | { readonly ok: false; readonly problem: Problem };

/** Reads an address whose answer has the shape `Body`. */
export async function read<Body>(ask: Ask, address: string): Promise<Read<Body>> {
  const answer = await ask(address);
  const { status, text } = answer;
  if (status >= 400) return { ok: false, problem: problemIn(answer) };
  const body: Body = JSON.parse(text);
  return { ok: true, body };
}

/** Reads an address whose answer is text. */
export async function readText(ask: Ask, address: string): Promise<Read<string>> {
  const answer = await ask(address);
  return answer.status >= 400 ? { ok: false, problem: problemIn(answer) } : { ok: true, body: answer.text };
}

/** Reads a problem document; an answer in another form, as a proxy may send it, is shown by its status alone. */
function problemIn({ status, text, retryAfterSeconds }: Answer): Problem {
  const found: Partial<Problem> = parseObject(text);
  return {
    title: `The server answered with status ${status}`,
    detail: 'Try again in a moment.',
    errors: [],
    ...found,
    status,
    retryAfterSeconds,
  };
}

function parseObject(text: string): Partial<Problem> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
