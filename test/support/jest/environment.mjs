import { ModuleMocker } from 'jest-mock';

const TIMEOUT = Symbol.for('TEST_TIMEOUT_SYMBOL');

/** The environment of a spec file: the process itself, whose settings the next file finds as this one found them. */
export default class ProcessEnvironment {
  global = globalThis;
  moduleMocker = new ModuleMocker(globalThis);
  #found = { exit: process.exit, console: globalThis.console, variables: { ...process.env } };

  async setup() {}

  async teardown() {
    const { exit, console, variables } = this.#found;
    process.exit = exit;
    globalThis.console = console;
    for (const name of Object.keys(process.env)) if (!(name in variables)) delete process.env[name];
    Object.assign(process.env, variables);
    delete globalThis[TIMEOUT];
  }

  exportConditions() {
    return [];
  }

  /** There is no context but the process's. */
  getVmContext() {
    return null;
  }
}
