import { HASH_BYTES, isTreeSize } from '../merkle/tree-hashes.js';
import { type ParseResult, read, unreadable } from '../primitives/parse-result.js';
import { bytesOfBase64 } from '../primitives/bytes.js';

/** A tree that was signed and that the log no longer continues, by its size and its root in base64. */
export interface ReleasedTree {
  readonly size: number;
  readonly root: string;
}

/** An operator's acceptance, at a position of the log, that it no longer continues a tree that was signed. */
export interface AcceptedRollback extends ReleasedTree {
  readonly position: number;
}

const ROLLBACK_LINE = 'rollback-accepted';

/** The extension line with which every later checkpoint says so: `rollback-accepted {position} {size} {root}`. */
export const rollbackLine = ({ position, size, root }: AcceptedRollback): string =>
  `${ROLLBACK_LINE} ${position} ${size} ${root}`;

/** Reads the accepted rollbacks from a checkpoint's extension lines, in order; none when no line is of one. */
export function rollbacksIn(extensions: readonly string[]): ParseResult<readonly AcceptedRollback[]> {
  const lines = extensions.filter((line) => line.split(' ')[0] === ROLLBACK_LINE);
  const found = lines.flatMap((line) => readLine(line) ?? []);
  return found.length === lines.length
    ? read(found)
    : unreadable('A line of an accepted rollback is not two numbers and a hash.');
}

function readLine(line: string): AcceptedRollback | undefined {
  const [, position = '', size = '', root = '', ...rest] = line.split(' ');
  const isWhole = rest.length === 0 && [position, size].every((number) => /^(0|[1-9]\d*)$/.test(number));
  const found = { position: Number(position), size: Number(size), root };
  return isWhole && isTreeSize(found.position) && isReleasedTree(found) ? found : undefined;
}

/** True where size and root can be those of a tree. */
export const isReleasedTree = ({ size, root }: ReleasedTree): boolean =>
  isTreeSize(size) && bytesOfBase64(root)?.length === HASH_BYTES;

/** True when both name the same tree. */
export const isSameTree = (one: ReleasedTree, other: ReleasedTree): boolean =>
  one.size === other.size && one.root === other.root;

/** Lists, in sentences, what cannot be shown of a log that was restored to an older state. */
export const listUnprovenRollbacks = (rollbacks: readonly AcceptedRollback[]): readonly string[] =>
  rollbacks.map(
    ({ position, size }) =>
      `That the log continues the checkpoint that was signed earlier over ${size} entries: at position ${position} the operator accepted that it does not, and gives the reason.`,
  );
