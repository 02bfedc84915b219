import { expect, it } from '@jest/globals';
import { failureOf } from './problems.js';

it.each([
  [400, 2],
  [404, 3],
  [406, 2],
  [409, 4],
  [410, 3],
  [412, 4],
  [422, 4],
  [429, 5],
  [500, 5],
  [503, 5],
])('a response with status %d ends a command with %d, and with what the service says', async (status, code) => {
  const problem = { title: 'Not so', detail: 'No.', errors: [{ message: 'Nor this.' }, { message: 'No.' }] };
  expect(await failureOf(new Response(JSON.stringify(problem), { status }))).toMatchObject({
    code,
    message: 'Not so. No.\n  Nor this.',
  });
  expect(await failureOf(new Response('<html>', { status }))).toMatchObject({
    code,
    message: expect.stringContaining(`answered ${status}`),
  });
});
