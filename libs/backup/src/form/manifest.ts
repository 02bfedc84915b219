/** A file of a backup, as the MANIFEST lists it. */
export interface ListedFile {
  readonly name: string;
  /** In lower-case hexadecimal digits. */
  readonly sha256: string;
}

/** The one file of a backup that is not listed: it lists the others. */
export const MANIFEST = 'MANIFEST';

/** The text of a MANIFEST, as `sha256sum` writes it and `sha256sum -c MANIFEST` reads it; in the order of names. */
export const manifestText = (files: readonly ListedFile[]): string =>
  files
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .map(({ sha256, name }) => `${sha256}  ${name}\n`)
    .join('');

const LINE = /^([0-9a-f]{64}) {2}([a-z][a-z0-9.-]*)$/;

/**
 * Reads a MANIFEST; undefined for bytes that are not exactly one, in the order of names and each name once.
 *
 * It contains nothing but hashes and names, so there is no byte in it that could change without notice.
 */
export function parseManifest(bytes: Uint8Array): readonly ListedFile[] | undefined {
  const text = Buffer.from(bytes).toString('latin1');
  const files = text.split('\n').flatMap((line) => {
    const [, sha256, name] = LINE.exec(line) ?? [];
    return sha256 === undefined || name === undefined ? [] : [{ sha256, name }];
  });
  const isOnce = new Set(files.map(({ name }) => name)).size === files.length;
  return files.length > 0 && isOnce && manifestText(files) === text ? files : undefined;
}
