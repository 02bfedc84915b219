import { formatInstant } from '#domain';
import { type Coordinate, type PatchOperation, type StateDocument, patchBetween } from '#temporal';
import { frameOf } from '../frames.js';

/** What a message about one policy's state says. */
export interface PatchData {
  readonly policy: string;
  readonly patch: readonly PatchOperation[];
  readonly position: number;
  /** Key of the event that made it so, the last one if several did; null for a state that is shown first. */
  readonly cause: string | null;
  readonly causes: readonly string[];
  readonly knownAt: string;
  readonly validAt: string;
}

/** A message about one policy's state, which is written down once for each id that it is sent under. */
export class PatchMessage {
  readonly #frames = new Map<string, Buffer>();

  constructor(private readonly data: PatchData) {}

  frame(id: string): Buffer {
    const written = this.#frames.get(id);
    if (written) return written;
    const frame = frameOf({ kind: 'patch', id, data: this.data });
    this.#frames.set(id, frame);
    return frame;
  }
}

/** Where a message's state holds, and because of what. */
interface Circumstances {
  readonly policy: string;
  readonly at: Coordinate;
  readonly causes: readonly string[];
}

/** The message that shows a state whole, whatever the client holds. */
export const wholeStateMessage = (state: StateDocument, circumstances: Circumstances): PatchMessage =>
  messageOf([{ op: 'add', path: '', value: state }], circumstances);

/** The message that turns one state into another; undefined where they are the same. */
export function stateChangeMessage(
  before: StateDocument,
  after: StateDocument,
  circumstances: Circumstances,
): PatchMessage | undefined {
  const patch = patchBetween(before, after);
  if (patch.length === 0) return undefined;
  // Whoever is told of all policies may not have heard of this one yet.
  return Object.keys(before).length === 0 ? wholeStateMessage(after, circumstances) : messageOf(patch, circumstances);
}

const messageOf = (patch: readonly PatchOperation[], { policy, at, causes }: Circumstances): PatchMessage =>
  new PatchMessage({
    policy,
    patch,
    position: at.recorded,
    cause: causes.at(-1) ?? null,
    causes,
    knownAt: formatInstant(at.knownAt),
    validAt: formatInstant(at.validAt),
  });
