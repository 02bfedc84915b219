/** Policies are spread over this many partitions. Another number is another layout of the tables: they are built anew. */
export const PARTITIONS = 4;

/** One read model of one partition: what is leased, and has a position. */
export interface Unit {
  readonly projection: string;
  readonly partition: number;
}

/**
 * Where a unit stands: `building` until its read model was built for the first time or with other columns, `running`,
 * or `stopped` at an event that it cannot take.
 */
export type UnitState = 'building' | 'running' | 'stopped';

/** A text for a unit, for maps. */
export const unitKey = ({ projection, partition }: Unit): string => `${projection}/${partition}`;

/** The partition of a stream: the same in every process, for ever (FNV-1a, 32 bits). */
export function partitionOf(stream: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < stream.length; index += 1)
    hash = Math.imul(hash ^ stream.charCodeAt(index), 0x01000193) >>> 0;
  return hash % PARTITIONS;
}
