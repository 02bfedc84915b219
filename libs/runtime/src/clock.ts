/** Tells the time: milliseconds since 1970-01-01 UTC. Passed in wherever time matters, so that tests can hold it still. */
export type Clock = () => number;

/** The clock of this machine. */
export const systemClock: Clock = () => Date.now();
