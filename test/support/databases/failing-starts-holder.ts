// Started as a process of its own by the spec on starts that fail: tries one start of the API after the other, and says
// on standard error with which code each would have ended. Must end by itself: nothing may be left open.
import { startApplication } from '../../../apps/api/src/application.js';
import { runService } from '../../../libs/runtime/src/index.js';

const NOBODY = 65_534;

const starts: readonly Readonly<Record<string, string>>[] = JSON.parse(process.argv[2] ?? '[]');
for (const variables of starts) {
  for (const name of Object.keys(process.env)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, variables);
  process.exitCode = 0;
  if (variables['UNPRIVILEGED'] !== undefined && process.getuid?.() === 0) {
    process.setgid?.(NOBODY);
    process.setuid?.(NOBODY);
  }
  await runService(async (configuration, needs) => {
    const application = await startApplication(configuration, needs);
    return { lines: ['started'], stop: () => application.stop() };
  });
  for (const signal of ['SIGTERM', 'SIGINT']) process.removeAllListeners(signal);
  process.stderr.write(`exit code ${process.exitCode}\n`);
}
