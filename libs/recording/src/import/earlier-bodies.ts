import type { EventBody, RecordGraph } from '#domain';
import type { OnRecord } from '../policies/on-record.js';
import type { Candidate } from './candidates.js';
import type { FileLines } from './file-lines.js';
import { recordingOrder } from './order.js';
import { type CheckNeeds, bodyOf } from './line-contents.js';

/** Bodies that are kept to be read once, by the length of their lines; what is on record counts as a line of this length. */
const KEPT_BYTES = 16 * 1_048_576;
const ON_RECORD_BYTES = 2_000;

interface Kept {
  readonly body: EventBody;
  readonly bytes: number;
}

/** The bodies that a line which corrects something is judged by. */
export class EarlierBodies {
  /** Of lines by their keys, and of what is on record about an event by that event's key; those used last at the end. */
  readonly #kept = new Map<string, readonly Kept[]>();
  #keptBytes = 0;

  constructor(
    private readonly needs: CheckNeeds,
    private readonly onRecord: OnRecord,
    private readonly lines: FileLines,
  ) {}

  /**
   * The bodies of the event that a line is about in the end and of all records about it, the line's own included: those
   * on record, then those that were accepted before it, in the order in which they would be recorded.
   */
  async with(line: Candidate, graph: RecordGraph): Promise<readonly EventBody[]> {
    const subject = graph.subjectOf(line.target ?? '');
    const tree = graph.treeOf(subject);
    const inFile = tree.flatMap((key) => this.#openLine(key) ?? []);
    const recorded = await this.#read(`${subject} on record`, async () =>
      (await this.onRecord.events(tree.filter((key) => !this.#openLine(key)))).map(({ body }) => ({
        body,
        bytes: ON_RECORD_BYTES,
      })),
    );
    const bodies = [...recorded];
    for (const each of await recordingOrder(inOrder([...inFile, line]), this.needs.turns))
      bodies.push(...(await this.#read(each.key, () => this.#lineOf(each))));
    return bodies.map(({ body }) => body);
  }

  #openLine(key: string): Candidate | undefined {
    const line = this.lines.of(key);
    return line && this.lines.isOpen(line) ? line : undefined;
  }

  async #lineOf(line: Candidate): Promise<readonly Kept[]> {
    return [{ body: (await bodyOf(line, this.needs)).body, bytes: line.length }];
  }

  async #read(name: string, read: () => Promise<readonly Kept[]>): Promise<readonly Kept[]> {
    const kept = this.#kept.get(name) ?? (await read());
    if (this.#kept.delete(name)) this.#keptBytes -= bytesOf(kept);
    this.#kept.set(name, kept);
    this.#keptBytes += bytesOf(kept);
    for (const [oldest, bodies] of this.#kept) {
      if (this.#keptBytes <= KEPT_BYTES) break;
      this.#kept.delete(oldest);
      this.#keptBytes -= bytesOf(bodies);
    }
    return kept;
  }
}

const bytesOf = (kept: readonly Kept[]): number => kept.reduce((sum, { bytes }) => sum + bytes, 0);

const inOrder = (lines: readonly Candidate[]): readonly Candidate[] =>
  [...lines].sort((one, other) => one.line - other.line);
