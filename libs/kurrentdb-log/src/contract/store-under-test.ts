import { randomUUID } from 'node:crypto';
import { KurrentDouble } from '../../../../test/support/kurrentdb/double.js';
import { openEventStore } from '../store/kurrentdb-store.js';
import type { StoreLimits } from '../store/store-limits.js';
import type { EventStore } from '../store/store.js';

/** A server for tests: the one at TEST_KURRENTDB_URL where that is set, else the double. */
export interface StoreUnderTest {
  readonly url: string;
  /** The prefix of this test alone, so that tests share a server. */
  readonly prefix: string;
  /** Absent with a real server. */
  readonly double: KurrentDouble | undefined;
  open(limits?: Partial<StoreLimits>): EventStore;
  close(): Promise<void>;
}

/** The server that tests run against, in words. */
export const serverName = process.env['TEST_KURRENTDB_URL'] ? 'a real server' : 'the double';

/** A server that tests share; `double` says how the double is opened. */
export async function openStoreUnderTest(
  double: Parameters<typeof KurrentDouble.open>[0] = {},
): Promise<StoreUnderTest> {
  const given = process.env['TEST_KURRENTDB_URL'];
  return given ? storeUnderTest(given, undefined) : storeOnDouble(double);
}

/** A double, whatever the server is that others run against: for what cannot be asked of a real server. */
export async function storeOnDouble(
  options: Parameters<typeof KurrentDouble.open>[0] = {},
): Promise<StoreUnderTest & { readonly double: KurrentDouble }> {
  const double = await KurrentDouble.open(options);
  return { ...storeUnderTest(double.url, double), double };
}

function storeUnderTest(url: string, double: KurrentDouble | undefined): StoreUnderTest {
  const prefix = `test_${randomUUID().replaceAll('-', '')}-`;
  const opened: EventStore[] = [];
  return {
    url,
    prefix,
    double,
    open: (limits = {}) => {
      const store = openEventStore({ url, prefix, limits });
      opened.push(store);
      return store;
    },
    close: async () => {
      for (const store of opened) await store.close();
      double?.close();
    },
  };
}
