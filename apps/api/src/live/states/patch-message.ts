import { formatInstant } from '#domain';
import { type Coordinate, type PatchOperation, type StateDocument, patchBetween } from '#temporal';
import { frameOf } from '../frames.js';

/** The data of a message about the state of one policy. */
export interface PatchData {
  readonly policy: string;
  readonly patch: readonly PatchOperation[];
  readonly position: number;
  /** Key of the event that caused the change, the last one if several did; null in a first message. */
  readonly cause: string | null;
  readonly causes: readonly string[];
  readonly knownAt: string;
  readonly validAt: string;
}

/** A message about the state of one policy, encoded once for each id under which it is sent. */
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

/** The coordinate and the causes of a message's state. */
interface Circumstances {
  readonly policy: string;
  readonly at: Coordinate;
  readonly causes: readonly string[];
}

/** The message that replaces a client's state by a whole state. */
export const wholeStateMessage = (state: StateDocument, circumstances: Circumstances): PatchMessage =>
  messageOf([{ op: 'add', path: '', value: state }], circumstances);

/** The message that turns one state into another; undefined if they are equal. */
export function stateChangeMessage(
  before: StateDocument,
  after: StateDocument,
  circumstances: Circumstances,
): PatchMessage | undefined {
  const patch = patchBetween(before, after);
  if (patch.length === 0) return undefined;
  // A client of all policies may not know this one yet.
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
