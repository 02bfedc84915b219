import { expect, it } from '@jest/globals';
import { readAddress } from '../address.js';
import { lanesAhead, readLanes, readLanesInSteps } from './lane-answers.js';

const address = readAddress('/policies/harbour-toll/timeline?knownAt=2024-07-15&q=toll');
const question = { policy: 'harbour-toll', filters: ['q', 'order'] };

/** An interface that answers lists in two pages, and whose lists can be held back. */
function openInterface(isHeld: boolean) {
  const asked: string[] = [];
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const ask = async (question: string) => {
    asked.push(question);
    if (isHeld && !question.includes('shape=index')) await held;
    const isLast = question.includes('cursor=') || question.includes('/anomalies');
    const text = question.includes('shape=index')
      ? JSON.stringify({ columns: { key: ['a'] } })
      : JSON.stringify({ items: [{ event: 'a', field: 'status', value: 'paused' }], next: isLast ? null : 'MORE' });
    return { status: 200, text };
  };
  return { ask, asked, release };
}

it('asks for the statuses as they were known then, not for all that there ever were', async () => {
  const { ask, asked } = openInterface(false);
  const lanes = await readLanes(ask, address, question);
  expect(lanes).toMatchObject({ ok: true, body: { statuses: [{ value: 'paused' }, { value: 'paused' }] } });
  expect(lanes).not.toHaveProperty('body.isPartial');
  expect(asked).toContain(
    '/v1/policies/harbour-toll/history?knownAt=2024-07-15&field=status&limit=1000&slice=knownAt&uncertain=true',
  );
  expect(asked.filter((each) => !each.includes('cursor=')).sort()).toEqual([...lanesAhead(address, question)].sort());
});

it('hands out the events before the statuses, which come page after page', async () => {
  const { ask, release } = openInterface(true);
  const steps = readLanesInSteps(ask, address, question);
  const first = await steps.next();
  expect(first.value).toMatchObject({ ok: true, body: { isPartial: true, statuses: [] } });
  release();
  const last = await steps.next();
  expect(last.value).toMatchObject({ ok: true, body: { statuses: [{}, {}], anomalies: ['a'] } });
  expect(last.value).not.toHaveProperty('body.isPartial');
  expect((await steps.next()).done).toBe(true);
});

it('ends with everything where all has come at once', async () => {
  const { ask } = openInterface(false);
  const steps = [];
  for await (const step of readLanesInSteps(ask, address, question)) steps.push(step);
  expect(steps.at(-1)).toMatchObject({ body: { anomalies: ['a'] } });
  expect(steps.length).toBeLessThanOrEqual(2);
});

it('says why where the events cannot be had', async () => {
  const steps = [];
  const refuse = () => Promise.resolve({ status: 429, text: '{"detail":"Too many."}', retryAfterSeconds: 2 });
  for await (const step of readLanesInSteps(refuse, address, question)) steps.push(step);
  expect(steps).toMatchObject([{ ok: false, problem: { status: 429, detail: 'Too many.', retryAfterSeconds: 2 } }]);
});
