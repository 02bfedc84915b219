import type { Send } from '../form/sending.js';
import { readAddress } from '../http/address.js';
import type { About } from '../http/answers.js';
import type { Answer, Ask } from '../http/ask.js';

/** A server that cannot be reached is asked again after this time. */
const LOST_RETRY_SECONDS = 5;

// What was asked longer ago may be answered with less than is known by now.
const SAME_MOMENT_MS = 100;

// An index of events is long, and the parts of a page that need it come one after the other.
const SAME_INDEX_MS = 5_000;

const asking = new Map<string, Promise<Answer>>();

/**
 * Reads an address of the interface over HTTP; a server that cannot be reached answers 503. What several parts of a page
 * ask at the same moment is asked once.
 */
export const askOverHttp: Ask = (address) => {
  const same = asking.get(address);
  if (same) return same;
  const answer = fetchAnswer(address);
  asking.set(address, answer);
  const forget = (): void => {
    if (asking.get(address) === answer) asking.delete(address);
  };
  setTimeout(forget, address.includes('shape=index') ? SAME_INDEX_MS : SAME_MOMENT_MS);
  return answer;
};

/** Lets everything be asked again: something has been recorded since. */
export const forgetAnswers = (): void => asking.clear();

async function fetchAnswer(address: string): Promise<Answer> {
  try {
    const response = await fetch(address, { headers: { accept: 'application/json' } });
    const retryAfterSeconds = Number(response.headers.get('retry-after') ?? undefined) || undefined;
    return { status: response.status, text: await response.text(), retryAfterSeconds };
  } catch {
    const title = 'The server cannot be reached';
    const problem = { title, detail: `${title}. What is shown stays as it was read.` };
    return { status: 503, text: JSON.stringify(problem), retryAfterSeconds: LOST_RETRY_SECONDS };
  }
}

/** What a write of this page brings besides, if its reader is signed in: the page was told with its first data. */
export function csrfHeaders(): Readonly<Record<string, string>> {
  const text = document.getElementById('about')?.textContent;
  const about: Partial<About> = text ? JSON.parse(text) : {};
  return about.csrfToken === undefined ? {} : { 'x-csrf-token': about.csrfToken };
}

/** Posts a body to an address of the interface over HTTP; a server that cannot be reached answers 503. */
export const sendOverHttp: Send = async (address, body, headers) => {
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...csrfHeaders(), ...headers },
      body: JSON.stringify(body),
    });
    return { status: response.status, text: await response.text() };
  } catch {
    const detail = 'The server cannot be reached. The draft is kept in this browser; try again.';
    return { status: 503, text: JSON.stringify({ detail }) };
  }
};

/** A page within a page of others keeps nothing. */
const keepsNothing = (): boolean => readAddress(location.pathname).isEmbedded;

/** Reads a value that this browser keeps; nothing where keeping is forbidden. */
export function readKept(name: string): string | undefined {
  if (keepsNothing()) return undefined;
  try {
    return localStorage.getItem(name) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a value in this browser; false where that is forbidden: such a browser shows the same, but forgets it. */
export function keep(name: string, value: string): boolean {
  if (keepsNothing()) return false;
  try {
    localStorage.setItem(name, value);
    return true;
  } catch {
    return false;
  }
}

/** Forgets what was kept under a name. */
export function forgetKept(name: string): void {
  try {
    localStorage.removeItem(name);
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}
