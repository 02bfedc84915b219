import { expect, it } from '@jest/globals';
import { openPage } from '../page-fixture.js';

it('explains the three times with an example', async () => {
  const { text, status, body } = await openPage('/help/times', {});
  expect(status).toBe(200);
  expect(text).toContain('What was known on 4 March about 2 March? In operation, 6 pounds');
  expect(text).toContain('?knownAt=2024-03-04&amp;recordedAt=2024-03-12');
  expect(body).not.toContain('class="time-bar"');
});

it('lists the keys, with a switch that waits for the script', async () => {
  const { text, body } = await openPage('/help/keys', {});
  expect(text).toContain('[ ] previous, next publication');
  expect(body).toMatch(/<input type="checkbox" checked disabled/);
});
