import type { Ask } from '../http/ask.js';

/** Reads an address of the interface over HTTP; a server that cannot be reached answers 503. */
export const askOverHttp: Ask = async (address) => {
  try {
    const response = await fetch(address, { headers: { accept: 'application/json' } });
    return { status: response.status, text: await response.text() };
  } catch {
    const problem = {
      title: 'The server cannot be reached',
      detail: 'The server cannot be reached. What is shown stays as it was read; trying again every five seconds.',
    };
    return { status: 503, text: JSON.stringify(problem) };
  }
};

/** Reads a value that this browser keeps; nothing where keeping is forbidden. */
export function readKept(name: string): string | undefined {
  try {
    return localStorage.getItem(name) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a value in this browser, where that is allowed. */
export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // A browser that keeps nothing shows the same, but forgets it.
  }
}
