import { runService } from '#runtime';
import { startProjector } from './projector.js';

await runService(async (configuration, needs) => ({
  stop: await startProjector(configuration, needs),
  lines: ['projecting'],
}));
