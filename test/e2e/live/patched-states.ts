import { expect } from '@jest/globals';
import { type Operation, applyPatch } from 'rfc6902';
import type { StreamMessage } from '../../support/http/stream-client.js';

/** What a message of patches says. */
export interface ReceivedPatch {
  readonly policy: string;
  readonly patch: readonly Operation[];
  readonly position: number;
  readonly cause: string | null;
  readonly causes: readonly string[];
  readonly knownAt: string;
  readonly validAt: string;
}

export const patchOf = ({ data }: StreamMessage): ReceivedPatch => data as unknown as ReceivedPatch;

/** What a client holds that applies every patch: the state of each policy. */
export function applyMessages(
  messages: readonly StreamMessage[],
  held: Record<string, unknown> = {},
): Record<string, unknown> {
  const states = structuredClone(held);
  for (const message of messages.filter(({ event }) => event === 'patch')) {
    const { policy, patch } = patchOf(message);
    const holder = { state: states[policy] ?? null };
    const moved = patch.map((operation) => ({ ...operation, path: `/state${operation.path}` }));
    expect(applyPatch(holder, moved)).toEqual(patch.map(() => null));
    states[policy] = holder.state;
  }
  return states;
}
