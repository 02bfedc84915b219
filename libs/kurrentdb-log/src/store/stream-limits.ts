import type { KurrentDBClient, Position } from '@kurrent/kurrentdb-client';
import { clientPackage } from './store-client.js';
import type { StorePosition, StreamLimit } from './store.js';

/** A stream is deleted by saying that it begins behind its end: at the greatest revision there can be. */
const DELETED_BEFORE = 2 ** 63 - 1;

const NAMED = [
  ['$maxAge', 'max-age'],
  ['$maxCount', 'max-count'],
  ['$tb', 'truncated-before'],
] as const;

/** The limits that were set on streams with a prefix, in the order in which they were set. */
export async function readLimits(
  client: KurrentDBClient,
  prefix: string,
  after: StorePosition | undefined,
): Promise<readonly StreamLimit[]> {
  const { START, eventTypeFilter } = await clientPackage();
  const found: StreamLimit[] = [];
  const events = client.readAll({
    fromPosition: after ?? START,
    filter: eventTypeFilter({ prefixes: ['$metadata', '$streamDeleted'] }),
  });
  for await (const { event } of events) {
    const at = event?.position;
    if (!event || !at || isSame(at, after)) continue;
    if (event.type === '$streamDeleted' && event.streamId.startsWith(prefix))
      found.push({ stream: event.streamId.slice(prefix.length), at, limit: 'tombstoned' });
    else if (event.streamId.startsWith(`$$${prefix}`))
      found.push(
        ...limitsOf(event.data).map((limit) => ({ stream: event.streamId.slice(prefix.length + 2), at, ...limit })),
      );
  }
  return found;
}

/** The limits in a stream's metadata, which replace those before them; so the absence of limits is one too. */
function limitsOf(metadata: unknown): readonly Pick<StreamLimit, 'limit' | 'value'>[] {
  const limits = NAMED.flatMap(([name, limit]): readonly Pick<StreamLimit, 'limit' | 'value'>[] => {
    const value: unknown = typeof metadata === 'object' && metadata !== null ? Reflect.get(metadata, name) : undefined;
    if (typeof value !== 'number') return [];
    return [value >= DELETED_BEFORE ? { limit: 'deleted' } : { limit, value }];
  });
  return limits.length > 0 ? limits : [{ limit: 'none' }];
}

const isSame = (one: Position, other: StorePosition | undefined): boolean =>
  one.commit === other?.commit && one.prepare === other.prepare;
