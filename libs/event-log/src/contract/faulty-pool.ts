import type pg from 'pg';

/** A fault to come at a statement: its text or name, and whether the statement is done before it fails. */
export interface StatementFault {
  readonly at: string;
  readonly comes: 'instead' | 'afterwards';
  readonly error: Error;
}

/** An error as the driver throws it. */
export const driverError = (code: string): Error => Object.assign(new Error(`The fault ${code}.`), { code });

/** Has statements of a pool fail: each fault once, in their order. What is pushed to the answer is still to come. */
export function withFaults(pool: pg.Pool): StatementFault[] {
  const faults: StatementFault[] = [];
  pool.on('connect', (client) => {
    const query: (...given: unknown[]) => Promise<unknown> = client.query.bind(client);
    const faulty = async (...given: unknown[]): Promise<unknown> => {
      const [fault] = faults;
      if (!fault || fault.at !== nameOf(given[0])) return query(...given);
      faults.shift();
      if (fault.comes === 'afterwards') await query(...given);
      throw fault.error;
    };
    Object.assign(client, { query: faulty });
  });
  return faults;
}

function nameOf(statement: unknown): unknown {
  if (typeof statement === 'string') return statement;
  return typeof statement === 'object' && statement !== null ? Reflect.get(statement, 'name') : undefined;
}
