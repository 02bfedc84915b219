import { isTreeSize } from '../merkle/tree-hashes.js';

const PREVIOUS_LINE = 'previous-checkpoint';

/** The extension line with which a checkpoint names the size of the one signed before it: `previous-checkpoint {size}`. */
export const previousLine = (size: number): string => `${PREVIOUS_LINE} ${size}`;

/**
 * The size of the checkpoint that was signed before, as a checkpoint's extension lines name it.
 *
 * Undefined for the first, and for those signed before the line was introduced.
 */
export function previousIn(extensions: readonly string[]): number | undefined {
  const [, size = ''] = extensions.find((line) => line.split(' ')[0] === PREVIOUS_LINE)?.split(' ') ?? [];
  return /^(0|[1-9]\d*)$/.test(size) && isTreeSize(Number(size)) ? Number(size) : undefined;
}
