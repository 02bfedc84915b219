import { EXIT } from './exit-code.js';
import { run, unexpectedFailure } from './run.js';

// Whoever reads may stop reading, as `head` does: there is nobody left to tell.
process.stdout.on('error', () => process.exit(process.exitCode ?? EXIT.ok));

for (const event of ['uncaughtException', 'unhandledRejection'])
  process.on(event, (error: unknown) => {
    process.stderr.write(`${unexpectedFailure(error).message}\n`);
    process.exit(EXIT.unavailable);
  });

const { stdin, stdout, stderr, env } = process;
process.exitCode = await run(process.argv.slice(2), { stdin, stdout, stderr, env });
