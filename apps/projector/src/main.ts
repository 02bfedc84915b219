import { runService } from '#runtime';
import { startProjector } from './projector.js';

await runService(async (configuration, needs) => {
  const projector = await startProjector(configuration, needs);
  return { lines: ['projecting', ...projector.lines], stop: () => projector.stop() };
});
