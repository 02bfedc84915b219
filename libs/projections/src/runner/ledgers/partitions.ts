/** Policies are spread over this many partitions. Another number is another layout of the tables: they are built again. */
export const PARTITIONS = 4;

/** The partition of a stream: the same in every process, for ever (FNV-1a, 32 bits). */
export function partitionOf(stream: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < stream.length; index += 1)
    hash = Math.imul(hash ^ stream.charCodeAt(index), 0x01000193) >>> 0;
  return hash % PARTITIONS;
}
