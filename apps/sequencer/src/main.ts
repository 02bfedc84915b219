import { runService } from '#runtime';
import { startSequencer } from './sequencer.js';

await runService(async (configuration, needs) => ({
  stop: await startSequencer(configuration, needs),
  lines: ['sequencing'],
}));
