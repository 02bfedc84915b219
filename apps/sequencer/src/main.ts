import { runService } from '#runtime';
import { startSequencer } from './sequencer.js';

await runService(async (configuration, needs) => {
  const { lines, stop } = await startSequencer(configuration, needs);
  return { lines: ['sequencing', ...lines], stop };
});
