// Lets Node load the TypeScript sources as they are: `node --import ./test/support/typescript.mjs FILE.ts`.
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
