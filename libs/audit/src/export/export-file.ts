import { type EntryValue, type EntryObject, canonicalJson } from '#event-log/canonical';
import { readCanonical } from '../log-check/canonical-text.js';
import type { Hash } from '../merkle/tree-hashes.js';
import { type ParseResult, read, unreadable } from '../primitives/parse-result.js';
import { base64, bytesOfBase64 } from '../primitives/bytes.js';
import { TILE_WIDTH, decodeTile, encodeTile } from '../merkle/tiles.js';

/**
 * The self-verifying export, line by line:
 *
 * 1. a header;
 * 2. for every 256 entries, and for those left at the end, a line with the hashes of their leaves (the level 0 tile of
 *    the tree) and after it the entries themselves, a line each, byte for byte as they are stored and hashed;
 * 3. the signed checkpoint; where it is over more entries than the file has, the hashes that show its tree to begin with
 *    just these (RFC 9162, section 2.1.4).
 *
 * Every line is canonical JSON (RFC 8785). Entries need no envelope: the entry at position n is the n-th line that is
 * neither of the others, and everything else that was recorded is in it. The hashes add nothing to what is proven; they
 * let a verifier name the very entry that was changed.
 */
export const EXPORT_FORMAT = 'policy-timeline-export';

/** The version of the export's form. */
export const EXPORT_VERSION = 1;

/** The content of an export's header. */
export interface ExportHeader {
  /** The log's name, the same as in its checkpoint. */
  readonly origin: string;
  /** The verifier key that the checkpoint is signed with. */
  readonly vkey: string;
}

/** Leaf hashes and entries that belong together: as many of the one as of the other, 1 to 256. */
export interface ExportBlock {
  readonly leaves: readonly Hash[];
  /** As stored. */
  readonly entries: readonly string[];
}

/** The content that an export is written from. */
export interface ExportContent extends ExportHeader {
  /** In order, up to the checkpoint's size; full but for the last. */
  readonly blocks: AsyncIterable<ExportBlock>;
  /** The signed note. */
  readonly checkpoint: string;
  /** Where the checkpoint is over more entries: the proof that its tree begins with these. */
  readonly consistency?: readonly Hash[];
}

/** The content of an export's last line. */
export type ExportEnd = Pick<ExportContent, 'checkpoint' | 'consistency'>;

/** A part of an export: the first begins with the header, the last ends with the checkpoint. */
export interface ExportPart extends Pick<ExportContent, 'blocks'> {
  readonly header?: ExportHeader;
  readonly end?: ExportEnd;
}

/**
 * The lines of an export, each with its newline; nothing is kept but a block.
 *
 * The leaf hashes are to be those of the stored tiles, not computed again from the entries: so a tampered entry shows.
 */
export function exportLines({ blocks, checkpoint, consistency, ...header }: ExportContent): AsyncGenerator<string> {
  return exportPartLines({ header, blocks, end: { checkpoint, ...(consistency && { consistency }) } });
}

/** The lines of a part of an export: all parts, one after the other, are an export. */
export async function* exportPartLines({ header, blocks, end }: ExportPart): AsyncGenerator<string> {
  if (header) yield headerLine(header);
  for await (const { leaves, entries } of blocks) {
    yield leavesLine(leaves);
    for (const entry of entries) yield `${entry}\n`;
  }
  if (end) yield endLine(end);
}

const endLine = ({ checkpoint, consistency }: ExportEnd): string =>
  lineOf({ checkpoint, ...(consistency && { consistency: consistency.map(base64) }) });

const headerLine = ({ origin, vkey }: ExportHeader): string =>
  lineOf({ format: EXPORT_FORMAT, origin, version: EXPORT_VERSION, vkey });

const leavesLine = (leaves: readonly Hash[]): string => lineOf({ leaves: base64(encodeTile(leaves)) });

const lineOf = (value: EntryObject): string => `${canonicalJson(value)}\n`;

/** Reads the header. */
export function readHeaderLine(line: Uint8Array): ParseResult<ExportHeader> {
  const header = objectIn(line);
  if (header?.['format'] !== EXPORT_FORMAT) return unreadable('The file does not begin with the header of an export.');
  const { origin, version, vkey } = header;
  if (version !== EXPORT_VERSION)
    return unreadable(`The export has form ${JSON.stringify(version)}; this program reads form ${EXPORT_VERSION}.`);
  if (
    !hasOnly(header, ['format', 'origin', 'version', 'vkey']) ||
    typeof origin !== 'string' ||
    typeof vkey !== 'string'
  )
    return unreadable('The header of an export has format, origin, version and vkey.');
  return read({ origin, vkey });
}

/** Reads a line of leaf hashes. */
export function readLeavesLine(line: Uint8Array): ParseResult<readonly Hash[]> {
  const leaves = textIn(line, 'leaves');
  const bytes = leaves === undefined ? undefined : bytesOfBase64(leaves);
  const hashes = bytes && decodeTile(bytes);
  return hashes ? read(hashes) : unreadable(`The line does not list 1 to ${TILE_WIDTH} leaf hashes in base64.`);
}

/** Reads the line of the checkpoint: the signed note in it, and the proof beside it where there is one. */
export function readCheckpointLine(line: Uint8Array): ParseResult<ExportEnd> {
  const checkpoint = textIn(line, 'checkpoint');
  if (checkpoint !== undefined) return read({ checkpoint });
  const object = objectIn(line);
  const consistency = hashesIn(object?.['consistency']);
  return object && consistency && hasOnly(object, ['checkpoint', 'consistency']) && isText(object['checkpoint'])
    ? read({ checkpoint: object['checkpoint'], consistency })
    : unreadable('The line holds no checkpoint.');
}

/** No proof has more: a hash for each level of the largest tree, and one. */
const PROOF_LIMIT = 64;

function hashesIn(value: EntryValue | undefined): readonly Hash[] | undefined {
  if (!Array.isArray(value) || value.length > PROOF_LIMIT) return undefined;
  const hashes = value.flatMap((text: EntryValue) => (isText(text) ? (bytesOfBase64(text) ?? []) : []));
  return hashes.length === value.length ? hashes : undefined;
}

const isText = (value: EntryValue | undefined): value is string => typeof value === 'string';

/** Guesses by its beginning what a line is; whether it is one shows when it is parsed. */
export function seemsToBe(line: Uint8Array): 'leaves' | 'checkpoint' | 'entry' {
  const begin = Buffer.from(line.subarray(0, LONGEST_BEGIN)).toString('latin1');
  if (begin.startsWith('{"leaves":')) return 'leaves';
  return begin.startsWith('{"checkpoint":') ? 'checkpoint' : 'entry';
}

const LONGEST_BEGIN = '{"checkpoint":'.length;

function textIn(line: Uint8Array, member: string): string | undefined {
  const object = objectIn(line);
  const text = object?.[member];
  return object && hasOnly(object, [member]) && typeof text === 'string' ? text : undefined;
}

function objectIn(line: Uint8Array): EntryObject | undefined {
  const value = readCanonical(line);
  return value.ok && isObject(value.value) ? value.value : undefined;
}

const hasOnly = (object: EntryObject, members: readonly string[]): boolean =>
  Object.keys(object).join() === members.join();

const isObject = (value: EntryValue): value is EntryObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
