import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import circus from 'jest-circus/runner';
import { declareBy } from './globals.mjs';

const require = createRequire(import.meta.url);
process.setSourceMapsEnabled(true);

/**
 * Jest's own framework, for spec files that are loaded as Node loads any module.
 *
 * By itself it would make every file a world of its own, in which each module is evaluated again; the application alone
 * took longer to load than most files took to run. Here a worker loads a module once and later files find it warm.
 */
export default async function runFile(globalConfig, config, environment, runtime, path, tellJest) {
  // Jest's own looks only for the source maps of files that Jest has transformed.
  Error.prepareStackTrace = undefined;
  return circus.default(globalConfig, config, environment, nativeRuntime(runtime), path, tellJest);
}

/** As much of Jest's runtime as the framework asks of it. */
const nativeRuntime = (runtime) => ({
  requireInternalModule: loadAnew,
  requireModule: require,
  setGlobalsForRuntime: declareBy,
  unstable_shouldLoadAsEsm: () => true,
  unstable_importModule: (path) => import(pathToFileURL(path).href),
  enterTestCode: () => runtime.enterTestCode(),
  leaveTestCode: () => runtime.leaveTestCode(),
});

/** The framework keeps what a file declares in its module, and whom to tell in this global. */
function loadAnew(module) {
  delete globalThis[Symbol.for('EVENT_HANDLERS')];
  delete require.cache[module];
  return require(module);
}
