import { isLoopback } from '#runtime';

/** What the start says about who may write, if the server listens beyond this machine and knows nobody. */
export function accessNotes(
  { host }: { readonly host: string },
  { canBeKnown }: { readonly canBeKnown: boolean },
): readonly string[] {
  if (canBeKnown || host === 'localhost' || isLoopback(host)) return [];
  return ['other machines cannot write: writes are accepted from this machine only (ptl keys create makes keys)'];
}
