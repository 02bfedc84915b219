// `npm run build`: compiles the sources into dist/, unless it holds them already.
import { build } from './set-up.mjs';

process.exit((await build()) ? 0 : 1);
