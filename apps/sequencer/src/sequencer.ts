import { openDatabase, openSequencer, openTogether } from '#composition';
import { CannotStart, type Configuration, type ServiceNeeds } from '#runtime';

/**
 * Copies events from KurrentDB into PostgreSQL whenever no other process does; answers how to stop it.
 *
 * Throws {@link CannotStart} without the addresses of both, or where the log must not be copied as things are.
 */
export async function startSequencer(configuration: Configuration, needs: ServiceNeeds): Promise<() => Promise<void>> {
  const { databaseUrl, kurrentUrl: url } = configuration;
  if (databaseUrl === undefined || url === undefined)
    throw new CannotStart(
      'A sequencer copies the log from KurrentDB into PostgreSQL. Set KURRENTDB_URL and DATABASE_URL to them.',
    );
  const { close } = await openTogether(configuration, needs, async (opening) => {
    const pool = await openDatabase(opening, 'policy-timeline-sequencer');
    await openSequencer(opening, { pool, url });
  });
  return close;
}
