/** An answer of the interface under `/v1`, as the page reads it. */
export interface Answer {
  readonly status: number;
  /** The JSON text of the answer, or of its problem document. */
  readonly text: string;
}

/** A function that reads one address of the interface: over HTTP in the browser, within the process on the server. */
export type Ask = (address: string) => Promise<Answer>;

/** Why an address could not be answered, in the words of its problem document (RFC 9457). */
export interface Problem {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly errors: readonly { readonly pointer: string; readonly message: string }[];
}

/** What an address answered, or why it did not. */
export type Read<Body> = { readonly ok: true; readonly body: Body } | { readonly ok: false; readonly problem: Problem };

/** Reads an address whose answer has the shape `Body`. */
export async function read<Body>(ask: Ask, address: string): Promise<Read<Body>> {
  const { status, text } = await ask(address);
  if (status >= 400) return { ok: false, problem: problemIn(status, text) };
  const body: Body = JSON.parse(text);
  return { ok: true, body };
}

/** Reads an address whose answer is text. */
export async function readText(ask: Ask, address: string): Promise<Read<string>> {
  const { status, text } = await ask(address);
  return status >= 400 ? { ok: false, problem: problemIn(status, text) } : { ok: true, body: text };
}

/** Reads a problem document; an answer in another form, as a proxy may send it, is shown by its status alone. */
function problemIn(status: number, text: string): Problem {
  const found: Partial<Problem> = parseObject(text);
  return {
    status,
    title: found.title ?? `The server answered with status ${status}`,
    detail: found.detail ?? 'Try again in a moment.',
    errors: found.errors ?? [],
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
