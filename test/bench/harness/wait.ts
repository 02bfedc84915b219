import { setTimeout as delay } from 'node:timers/promises';

const LIMIT_MS = 300_000;
const LOOK_AGAIN_MS = 20;

/** Waits until the condition holds; fails after 5 min, or another limit, saying what did not come about. */
export async function waitUntil(
  what: string,
  holds: () => boolean | Promise<boolean>,
  limitMs = LIMIT_MS,
): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Not within ${limitMs} ms: ${what}.`);
    await delay(LOOK_AGAIN_MS);
  }
}
