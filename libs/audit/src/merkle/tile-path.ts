import { HIGHEST_TILE_LEVEL, TILE_WIDTH, type Tile } from './tiles.js';

/** A bundle: `width` entries, from index `index · 256` on. It lies under the level 0 tile of the same index. */
export type Bundle = Omit<Tile, 'level'>;

/** The tile or bundle that a path below `tile/` names. */
export type TileName =
  { readonly kind: 'tile'; readonly tile: Tile } | { readonly kind: 'bundle'; readonly bundle: Bundle };

/** The path of a tile, below `tile/`: `0/x001/234`, `1/000.p/5`. */
export const tilePath = ({ level, index, width }: Tile): string => `${level}/${indexPath(index)}${partial(width)}`;

/** The path of a bundle of entries, below `tile/`: `entries/x001/234`, `entries/000.p/5`. */
export const bundlePath = ({ index, width }: Bundle): string => `entries/${indexPath(index)}${partial(width)}`;

/**
 * Reads a path below `tile/`: `{level}/{index}` or `entries/{index}`, and `.p/{width}` for a partial one.
 *
 * Strict, so that each tile has one path: undefined for leading zeros, groups too many or too few, a width of 0 or of
 * 256 and more, a level above 63, an index beyond 2^53 - 1.
 */
export function parseTilePath(path: string): TileName | undefined {
  const [, level, index, partialWidth] = PATH.exec(path) ?? [];
  if (level === undefined || index === undefined) return undefined;
  const bundle = { index: parseIndex(index), width: partialWidth === undefined ? TILE_WIDTH : Number(partialWidth) };
  const isTooFar = !Number.isSafeInteger(bundle.index) || indexPath(bundle.index) !== index;
  if (isTooFar || (partialWidth !== undefined && bundle.width >= TILE_WIDTH)) return undefined;
  if (level === 'entries') return { kind: 'bundle', bundle };
  return Number(level) > HIGHEST_TILE_LEVEL ? undefined : { kind: 'tile', tile: { level: Number(level), ...bundle } };
}

const PATH = /^(entries|0|[1-9]\d?)\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/** Three digits a folder, the last one without `x`; as many as the index needs. */
function indexPath(index: number): string {
  if (!Number.isSafeInteger(index) || index < 0) throw new RangeError(`A tile has no index ${index}.`);
  const last = String(index % 1000).padStart(3, '0');
  const folders: string[] = [];
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000))
    folders.unshift(`x${String(rest % 1000).padStart(3, '0')}/`);
  return `${folders.join('')}${last}`;
}

const parseIndex = (path: string): number => Number(path.replaceAll(/[x/]/g, ''));

function partial(width: number): string {
  if (!Number.isInteger(width) || width < 1 || width > TILE_WIDTH)
    throw new RangeError(`A tile is not ${width} hashes wide.`);
  return width === TILE_WIDTH ? '' : `.p/${width}`;
}
