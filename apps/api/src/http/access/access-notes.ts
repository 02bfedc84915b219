import { isLoopback } from './loopback.js';

/** What the start says about who may write, if the server listens beyond this machine. */
export function accessNotes({ host }: { readonly host: string }): readonly string[] {
  if (host === 'localhost' || isLoopback(host)) return [];
  return ['other machines can read, and cannot write: writes are accepted from this machine only'];
}
