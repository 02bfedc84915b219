// Started as a process of its own by the specs that kill it: holds an embedded server and says where it is.
import { startEmbeddedPostgres } from '#runtime';

const [, , dataFolder = ''] = process.argv;
const server = await startEmbeddedPostgres({ dataFolder, log: () => undefined, onLoss: () => process.exit(1) });
process.stdout.write(`${server.url}\n`);
