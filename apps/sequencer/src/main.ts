import { runService } from '#runtime';
import { startSequencer } from './sequencer.js';

await runService(async (configuration, needs) => {
  const sequencer = await startSequencer(configuration, needs);
  return { lines: ['sequencing', ...sequencer.lines], stop: () => sequencer.stop() };
});
