// `npm start`: makes the clone ready, then becomes the API server in this same process, so that signals reach it.
import { build, checkNode, installPackages, leaveWith } from './set-up.mjs';

checkNode();
await installPackages();
if (!(await build())) leaveWith('The sources could not be built; the errors are above.');
await import('../dist/apps/api/src/main.js');
