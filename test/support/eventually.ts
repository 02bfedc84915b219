import { setTimeout as delay } from 'node:timers/promises';

const LIMIT_MS = 30_000;
const LOOK_AGAIN_MS = 10;

/** Waits until the condition holds; fails after 30 s, saying what did not come about. */
export async function eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Not within ${LIMIT_MS} ms: ${what}.`);
    await delay(LOOK_AGAIN_MS);
  }
}
