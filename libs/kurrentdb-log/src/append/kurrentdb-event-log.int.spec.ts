import { describeEventLog } from '../../../event-log/src/contract/event-log-contract.js';
import { type KurrentUnderTest, openKurrentUnderTest } from '../contract/kurrent-under-test.js';
import { openStoreUnderTest, serverName, storeOnDouble } from '../contract/store-under-test.js';

let kurrent: KurrentUnderTest;

describeEventLog(`KurrentDB, ${serverName}`, {
  open: async () => {
    kurrent = await openKurrentUnderTest(await openStoreUnderTest());
    return kurrent.open();
  },
  openAnother: async () => kurrent.open(),
  close: () => kurrent.close(),
});

describeEventLog('KurrentDB, the double of a server that takes appends to several streams', {
  open: async () => {
    kurrent = await openKurrentUnderTest(await storeOnDouble({ version: '25.1.0' }));
    return kurrent.open();
  },
  openAnother: async () => kurrent.open(),
  close: () => kurrent.close(),
});
