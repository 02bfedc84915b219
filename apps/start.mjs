// `npm start`: makes the clone ready, then becomes the app that is named, the API server unless told, in this same
// process, so that signals reach it.
import { build, checkNode, installPackages, leaveWith } from './set-up.mjs';

checkNode();
await installPackages();
if (!(await build())) leaveWith('The sources could not be built; the errors are above.');
await import(`../dist/apps/${process.argv[2] ?? 'api'}/src/main.js`);
