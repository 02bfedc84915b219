import type { Pool } from 'pg';
import { type Instant, instant } from '#domain';

/** A read model that was exchanged for one with other results. */
export interface Restatement {
  readonly projection: string;
  readonly at: Instant;
}

/** When read models were last switched for others with other results, or begun; tells whoever wants to know. */
export class Restatements {
  readonly #at = new Map<string, Instant>();
  #isFirst = true;
  readonly #listeners = new Set<(restatements: readonly Restatement[]) => void>();

  constructor(private readonly pool: Pool) {}

  /** Reads them, and tells what is new since the time before; the first time, nothing. */
  async look(): Promise<void> {
    const restatements = await this.#read();
    const isNews = restatements.length > 0 && !this.#isFirst;
    this.#isFirst = false;
    if (isNews) for (const listener of [...this.#listeners]) listener(restatements);
  }

  /** When one of these read models was last restated. */
  lastOf(projections: readonly string[]): Instant {
    return instant(Math.max(0, ...projections.map((name) => this.#at.get(name) ?? 0)));
  }

  /** When any read model was last restated. */
  get last(): Instant {
    return instant(Math.max(0, ...this.#at.values()));
  }

  /** Has somebody told of each restatement from now on; answers how to end that. */
  tell(listener: (restatements: readonly Restatement[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #read(): Promise<readonly Restatement[]> {
    const { rows } = await this.pool.query<{ name: string; at: number }>({
      name: 'restatements',
      text: 'SELECT name, restated_at::float8 AS at FROM read.projections',
    });
    const changed = rows.filter(({ name, at }) => at > (this.#at.get(name) ?? 0));
    for (const { name, at } of changed) this.#at.set(name, instant(at));
    return changed.map(({ name, at }) => ({ projection: name, at: instant(at) }));
  }
}
