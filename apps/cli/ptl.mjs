#!/usr/bin/env node
// `npx ptl`: makes the clone ready, then becomes the command line. What sets up talks on standard error.
import { build, checkNode, installPackages, leaveWith } from '../set-up.mjs';

checkNode();
await installPackages();
if (!(await build())) leaveWith('The sources could not be built; the errors are above.');
await import('../../dist/apps/cli/src/main.js');
