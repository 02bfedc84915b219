/** An event as the double holds it. */
export interface Held {
  readonly commit: bigint;
  readonly prepare: bigint;
  readonly stream: string;
  readonly revision: bigint;
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
  /** 100 nanoseconds since 1970 UTC. */
  readonly createdTicks: bigint;
}

export type Proposed = Pick<Held, 'id' | 'type' | 'contentType' | 'data' | 'metadata'>;

export type Expected = 'any' | 'no_stream' | 'stream_exists' | bigint;

export interface Append {
  readonly stream: string;
  readonly expected: Expected;
  readonly events: readonly Proposed[];
}

export type Appended =
  | { readonly outcome: 'appended'; readonly revision: bigint; readonly commit: bigint; readonly prepare: bigint }
  | { readonly outcome: 'conflict'; readonly stream: string; readonly actual: bigint | null }
  | { readonly outcome: 'tombstoned'; readonly stream: string };

/** What a soft delete sets as the first revision to keep. */
export const DELETED_BEFORE = 9_223_372_036_854_775_807n;

const NO_EVENTS: readonly Held[] = [];

/** The data of a server, as all nodes of a cluster have it: what a server decides about appends, without transport. */
export class StoreData {
  readonly all: Held[] = [];
  readonly #streams = new Map<string, Held[]>();
  readonly #last = new Map<string, bigint>();
  readonly #tombstones = new Set<string>();
  readonly #watchers = new Set<() => void>();
  #end = 0n;

  /** Ids of events by stream and revision survive what is done behind the log's back. */
  stream(name: string): readonly Held[] {
    return this.#streams.get(name) ?? NO_EVENTS;
  }

  isTombstoned(name: string): boolean {
    return this.#tombstones.has(name);
  }

  append(one: Append, commit?: bigint): Appended {
    const verdict = this.judge(one);
    return verdict ?? this.#write(one, commit);
  }

  /** All or none, at one commit position. */
  appendTogether(appends: readonly Append[]): readonly Appended[] {
    for (const one of appends) {
      const verdict = this.judge(one);
      if (verdict && verdict.outcome !== 'appended') return [verdict];
    }
    const commit = this.#end;
    return appends.map((one) => this.append(one, commit));
  }

  /** What an append comes to without being written: a refusal, or what is there already; undefined when it is new. */
  judge({ stream, expected, events }: Append): Appended | undefined {
    if (this.isTombstoned(stream)) return { outcome: 'tombstoned', stream };
    const last = this.#last.get(stream);
    const conflict: Appended = { outcome: 'conflict', stream, actual: last ?? null };
    if (expected === 'any' || expected === 'stream_exists') {
      if (expected === 'stream_exists' && last === undefined) return conflict;
      return this.#alreadyAnywhere(stream, events);
    }
    const expectedLast = expected === 'no_stream' ? -1n : expected;
    const current = last ?? -1n;
    if (expectedLast === current || (expected === 'no_stream' && this.#isDeleted(stream))) return undefined;
    if (expectedLast > current) return conflict;
    return this.#alreadyAt(stream, expectedLast + 1n, events) ?? conflict;
  }

  /** A stream is deleted by saying that it begins after its end; its revisions go on. */
  delete(stream: string): bigint {
    return this.setMetadata(stream, `{"$tb":${DELETED_BEFORE}}`);
  }

  tombstone(stream: string): bigint {
    const commit = this.#next(64);
    this.#add({
      commit,
      prepare: commit,
      stream,
      revision: DELETED_BEFORE,
      id: crypto.randomUUID(),
      type: '$streamDeleted',
      contentType: 'application/json',
      data: Buffer.from('{}'),
      metadata: new Uint8Array(),
      createdTicks: ticks(),
    });
    this.#tombstones.add(stream);
    this.#wake();
    return commit;
  }

  setMetadata(stream: string, json: string): bigint {
    const appended = this.append({
      stream: `$$${stream}`,
      expected: 'any',
      events: [
        {
          id: crypto.randomUUID(),
          type: '$metadata',
          contentType: 'application/json',
          data: Buffer.from(json),
          metadata: new Uint8Array(),
        },
      ],
    });
    if (appended.outcome !== 'appended') throw new Error(`Metadata of ${stream} could not be set.`);
    return appended.commit;
  }

  /** Puts another event in an event's place, as whoever can write the server's files does. */
  alter(id: string, change: (held: Held) => Held): void {
    const index = this.all.findIndex((held) => held.id === id);
    const held = this.all[index];
    if (!held) throw new Error(`There is no event ${id} to alter.`);
    const altered = change(held);
    this.all[index] = altered;
    this.#streams.set(
      held.stream,
      this.stream(held.stream).map((each) => (each === held ? altered : each)),
    );
  }

  /** Takes an event out, as a scavenge does. Revisions and positions of others stay. */
  remove(id: string): void {
    const held = this.all.find((each) => each.id === id);
    if (!held) throw new Error(`There is no event ${id} to remove.`);
    this.all.splice(this.all.indexOf(held), 1);
    this.#streams.set(
      held.stream,
      this.stream(held.stream).filter((each) => each !== held),
    );
  }

  /** What can be read of a stream: what its metadata does not hide. */
  visible(stream: string): readonly Held[] {
    const { $tb, $maxCount, $maxAge } = this.#metadataOf(stream);
    const since = $maxAge === undefined ? 0n : ticks() - BigInt($maxAge) * 10_000_000n;
    const kept = this.stream(stream).filter(
      ({ revision, createdTicks }) => revision >= BigInt($tb ?? 0) && createdTicks >= since,
    );
    return $maxCount === undefined ? kept : kept.slice(-$maxCount);
  }

  watch(wake: () => void): () => void {
    this.#watchers.add(wake);
    return () => this.#watchers.delete(wake);
  }

  #write({ stream, events }: Append, commit: bigint | undefined): Appended {
    let [revision, last] = [this.#last.get(stream) ?? -1n, this.#end];
    if (this.#isDeleted(stream)) this.setMetadata(stream, `{"$tb":${revision + 1n}}`);
    for (const event of events) {
      revision += 1n;
      last = this.#next(event.data.length + event.metadata.length + 128);
      this.#add({ ...event, stream, revision, commit: commit ?? last, prepare: last, createdTicks: ticks() });
    }
    this.#wake();
    return { outcome: 'appended', revision, commit: commit ?? last, prepare: last };
  }

  #add(held: Held): void {
    this.all.push(held);
    const own = this.#streams.get(held.stream);
    if (own) own.push(held);
    else this.#streams.set(held.stream, [held]);
    this.#last.set(held.stream, held.revision);
  }

  /** Positions lie as far apart as what is written is long. */
  #next(length: number): bigint {
    const at = this.#end;
    this.#end += BigInt(length);
    return at;
  }

  #wake(): void {
    for (const wake of [...this.#watchers]) wake();
  }

  #isDeleted(stream: string): boolean {
    const { $tb } = this.#metadataOf(stream);
    return $tb !== undefined && BigInt($tb) >= DELETED_BEFORE;
  }

  #metadataOf(stream: string): { readonly $tb?: number; readonly $maxCount?: number; readonly $maxAge?: number } {
    const last = this.stream(`$$${stream}`).at(-1);
    return last ? (JSON.parse(Buffer.from(last.data).toString('utf8')) as Record<string, number>) : {};
  }

  #alreadyAnywhere(stream: string, events: readonly Proposed[]): Appended | undefined {
    const [first] = events;
    const there = this.stream(stream).find(({ id }) => id === first?.id);
    return there && this.#alreadyAt(stream, there.revision, events);
  }

  #alreadyAt(stream: string, from: bigint, events: readonly Proposed[]): Appended | undefined {
    const there = this.stream(stream).filter(({ revision }) => revision >= from);
    const last = there[events.length - 1];
    if (!last || events.some(({ id }, index) => there[index]?.id !== id)) return undefined;
    return { outcome: 'appended', revision: last.revision, commit: last.commit, prepare: last.prepare };
  }
}

const ticks = (): bigint => BigInt(Math.round((performance.timeOrigin + performance.now()) * 10_000));
