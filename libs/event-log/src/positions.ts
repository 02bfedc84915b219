/** The position of an event in the log, counted from 1, without gaps, in the order of commits; 0 is before the first event. */
export type LogPosition = number & { readonly brand: 'Position' };

/** The revision of an event in its stream, counted from 0. */
export type StreamRevision = number & { readonly brand: 'Revision' };

/** The position with that number. */
export const positionOf = (number: number): LogPosition => number as LogPosition;

/** The revision with that number. */
export const revisionOf = (number: number): StreamRevision => number as StreamRevision;
