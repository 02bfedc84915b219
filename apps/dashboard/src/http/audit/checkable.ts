import type { PolicyState } from '../answers.js';

/** What of a page can be checked against the log, besides the log itself. */
export interface Checkable {
  /** An event, with what the page shows of it where it shows it. */
  readonly event?: { readonly key: string; readonly shown?: object };
  /** The state of a policy. */
  readonly answer?: CheckableAnswer;
}

/** The state of a policy as a page shows it. */
export interface CheckableAnswer {
  readonly policy: string;
  /** The address of the answer, pinned on all three times. */
  readonly permalink: string;
  /** The recorded position of its coordinate. */
  readonly position: number;
  readonly shown: Pick<PolicyState, 'state' | 'uncertain' | 'eventCount'>;
}

/** The part of a state answer that its proof is about. */
export const checkableAnswer = ({ policy, permalink, coordinate, ...rest }: PolicyState): CheckableAnswer => {
  const { state, uncertain, eventCount } = rest;
  return { policy, permalink, position: coordinate.recordedAt.position, shown: { state, uncertain, eventCount } };
};
