import { describeEventLog } from '../contract/event-log-contract.js';
import { createMemoryEventLog } from './memory-event-log.js';

let now = 0;

describeEventLog('memory', {
  open: async () => createMemoryEventLog(() => (now += 1)),
  close: async () => undefined,
});
