import streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import type * as Streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import type { Held, StoreData } from './store-data.js';

type Options = Streams.ReadReq.Options;

/** What reads and subscriptions of $all are asked for. */
export interface AllQuery {
  /** Where to begin; undefined at the start, `end` at the end. */
  readonly from: Pick<Held, 'commit' | 'prepare'> | 'end' | undefined;
  readonly wants: (held: Held) => boolean;
  /** A subscription says where it is after this many events that it passed over. */
  readonly checkpointEvery: number;
}

const DEFAULT_WINDOW = 32;

export function allQuery(options: Options): AllQuery {
  const all = options.getAll();
  const position = all?.getPosition();
  const filter = options.getFilter();
  return {
    from: all?.hasEnd()
      ? 'end'
      : position && { commit: BigInt(position.getCommitPosition()), prepare: BigInt(position.getPreparePosition()) },
    wants: filterOf(filter),
    checkpointEvery:
      (filter?.hasMax() ? filter.getMax() : DEFAULT_WINDOW) * (filter?.getCheckpointintervalmultiplier() || 1),
  };
}

function filterOf(filter: Streams.ReadReq.Options.FilterOptions | undefined): (held: Held) => boolean {
  const expression = filter?.getStreamIdentifier() ?? filter?.getEventType();
  if (!expression) return () => true;
  const textOf = filter?.hasStreamIdentifier() ? (held: Held) => held.stream : (held: Held) => held.type;
  const prefixes = expression.getPrefixList();
  if (prefixes.length > 0) return (held) => prefixes.some((prefix) => textOf(held).startsWith(prefix));
  const pattern = new RegExp(expression.getRegex());
  return (held) => pattern.test(textOf(held));
}

const isForwards = (options: Options): boolean =>
  options.getReadDirection() === streams.ReadReq.Options.ReadDirection.FORWARDS;

const isBefore = (one: Pick<Held, 'commit' | 'prepare'>, other: Pick<Held, 'commit' | 'prepare'>): boolean =>
  one.commit < other.commit || (one.commit === other.commit && one.prepare < other.prepare);

/** A read of $all: from a place on, it included. */
export function readAll(data: StoreData, options: Options): readonly Held[] {
  const { from, wants } = allQuery(options);
  const limit = Number(options.getCount());
  const found: Held[] = [];
  if (isForwards(options)) {
    for (const held of from === 'end' ? [] : data.all)
      if ((from === undefined || from === 'end' || !isBefore(held, from)) && wants(held) && found.push(held) >= limit)
        break;
    return found;
  }
  for (const held of data.all.toReversed())
    if ((from === undefined || from === 'end' || isBefore(held, from)) && wants(held) && found.push(held) >= limit)
      break;
  return found;
}

/** A read of one stream; undefined where there is none. */
export function readStream(data: StoreData, stream: string, options: Options): readonly Held[] | undefined {
  const from = options.getStream();
  const limit = Number(options.getCount());
  const visible = data.visible(stream);
  if (visible.length === 0) return undefined;
  const revision = from?.hasRevision() ? BigInt(from.getRevision()) : undefined;
  return isForwards(options)
    ? (from?.hasEnd() ? [] : visible.filter((held) => held.revision >= (revision ?? 0n))).slice(0, limit)
    : visible
        .filter((held) => revision === undefined || held.revision <= revision)
        .slice(-limit)
        .reverse();
}

/** Follows $all: what comes after a place, it excluded. Index into the data, so that what is taken out does not disturb. */
export class Follower {
  #after: Pick<Held, 'commit' | 'prepare'> | undefined;
  #passed = 0;

  constructor(
    private readonly data: StoreData,
    private readonly query: AllQuery,
  ) {
    this.#after = query.from === 'end' ? data.all.at(-1) : query.from;
  }

  /** What is next: an event, or a place up to which there was none; undefined when caught up. */
  next(): { readonly event: Held } | { readonly checkpoint: Held } | undefined {
    for (let index = this.#index(); index < this.data.all.length; index += 1) {
      const held = this.data.all[index];
      if (!held) break;
      this.#after = held;
      if (this.query.wants(held)) {
        this.#passed = 0;
        return { event: held };
      }
      this.#passed += 1;
      if (this.#passed % this.query.checkpointEvery === 0) return { checkpoint: held };
    }
    return undefined;
  }

  #index(): number {
    const after = this.#after;
    if (!after) return 0;
    let [low, high] = [0, this.data.all.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const held = this.data.all[middle];
      if (held && isBefore(after, held)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
