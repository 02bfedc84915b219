import { runService } from '#runtime';
import { startProjector } from './projector.js';

await runService(async (configuration, needs) => {
  const { lines, stop } = await startProjector(configuration, needs);
  return { lines: ['projecting', ...lines], stop };
});
