/** A place in the log, counted from 1, without gaps, in the order of commits; 0 is before the first event. */
export type LogPosition = number & { readonly brand: 'Position' };

/** A place in a stream, counted from 0. */
export type StreamRevision = number & { readonly brand: 'Revision' };

/** The place in the log with that number. */
export const positionOf = (place: number): LogPosition => place as LogPosition;

/** The place in a stream with that number. */
export const revisionOf = (place: number): StreamRevision => place as StreamRevision;
