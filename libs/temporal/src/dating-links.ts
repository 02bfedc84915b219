import type { EventBody } from '#domain';

const DATING = new Set(['follows', 'refines-date-of']);

/** Keys that a body's links date, those of its corrections' changes at any depth included. */
export function datingTargets(body: Pick<EventBody, 'links' | 'changes'>): readonly string[] {
  const own = (body.links ?? []).filter(({ rel }) => DATING.has(rel)).map(({ to }) => to);
  const { links, changes } = body.changes ?? {};
  const changed = body.changes ? datingTargets({ ...(links ? { links } : {}), ...(changes ? { changes } : {}) }) : [];
  return [...own, ...changed];
}
