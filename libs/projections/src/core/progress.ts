import type { Instant, Position } from '#domain';

/** How far something has come along the log. */
export interface Progress {
  readonly position: Position;
  /** When that position was recorded; null before the first. */
  readonly recordedAt: Instant | null;
}
