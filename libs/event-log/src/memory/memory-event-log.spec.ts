import { describeEventLog } from '../contract/event-log-contract.js';
import { createMemoryEventLog } from './memory-event-log.js';

let now = 0;
const log = createMemoryEventLog(() => (now += 1));

describeEventLog('memory', {
  open: async () => log,
  // A log in memory has one way in.
  openAnother: async () => log,
  close: () => log.close(),
});
