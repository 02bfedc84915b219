import { runService } from '#runtime';
import { startApplication } from './application.js';

await runService(async (configuration, needs) => {
  const application = await startApplication(configuration, needs);
  const { url, notes } = application;
  const places = [
    ['documentation', '/docs'],
    ['OpenAPI', '/openapi.json'],
    ['metrics', '/metrics'],
    ['health', '/readyz'],
  ];
  return {
    lines: [`listening on ${url}`, ...places.map(([name, path]) => `${name}: ${url}${path}`), ...notes],
    stop: () => application.stop(),
  };
});
