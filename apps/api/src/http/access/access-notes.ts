import { isLoopback } from '#runtime';

/** What the start says about who may write, if the server listens beyond this machine and has no keys. */
export function accessNotes(
  { host }: { readonly host: string },
  { hasKeys }: { readonly hasKeys: boolean },
): readonly string[] {
  if (hasKeys || host === 'localhost' || isLoopback(host)) return [];
  return ['other machines cannot write: writes are accepted from this machine only (ptl keys create makes keys)'];
}
