/** A clock: returns milliseconds since 1970-01-01 UTC. Passed as an argument, so that tests can control it. */
export type Clock = () => number;

/** The clock of this machine. */
export const systemClock: Clock = () => Date.now();
