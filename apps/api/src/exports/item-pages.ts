import type { Query, QueryBus } from '@nestjs/cqrs';
import type { CoordinateRequest, Page, ReadOutcome, ResolvedCoordinate } from '#projections';
import type { Item } from '#tables';
import { readRefusal } from '../http/problems/read-refusals.js';

/** One page of a list, as the read models answer it. */
interface ReadPage<Listed> {
  readonly items: readonly Listed[];
  /** The start of the next page, in the read model's own format; absent on the last page. */
  readonly after?: string;
  readonly near?: readonly string[];
}

/** The question whose answer is a page of a list at a coordinate. */
export type AskPage<Listed> = (at: CoordinateRequest, page: Page) => Query<ReadOutcome<ReadPage<Listed>>>;

/** Adds to items what only their table shows. */
export type CompleteItems<Listed> = (items: readonly Listed[], at: CoordinateRequest) => Promise<readonly Item[]>;

/** A coordinate as a request with nothing left open. */
export const pinnedRequest = ({ recorded, knownAt, validAt }: ResolvedCoordinate): CoordinateRequest => ({
  recordedAt: { position: recorded },
  knownAt,
  validAt,
});

/** So many items are read at a time; each stretch begins in the index where the one before ended. */
const STRETCH = 2_000;

/**
 * All items of a list, in one pass: stretch by stretch, the next one read while one is written.
 *
 * Rows that stand at a coordinate never change, so no transaction is needed to see them all as they are, and no
 * connection is kept.
 */
export async function* itemPages<Listed extends Item>(
  queries: QueryBus,
  at: CoordinateRequest,
  { ask, complete }: { readonly ask: AskPage<Listed>; readonly complete: CompleteItems<Listed> },
): AsyncGenerator<readonly Item[]> {
  const read = async (after: string | undefined): Promise<{ items: readonly Item[]; after: string | undefined }> => {
    const page = { limit: STRETCH, ...(after === undefined ? {} : { after }) };
    const outcome = await queries.execute(ask(at, page));
    if (outcome.outcome === 'alias') throw new Error('A list was answered with another name of its policy.');
    if (outcome.outcome !== 'answered') throw readRefusal(outcome);
    return { items: await complete(outcome.answer.items, at), after: outcome.answer.after };
  };
  for (let reading = read(undefined); ;) {
    const { items, after } = await reading;
    if (after !== undefined) {
      reading = read(after);
      // It is awaited in the next round, unless the writer gives up before.
      reading.catch(() => undefined);
    }
    yield items;
    if (after === undefined) return;
  }
}
