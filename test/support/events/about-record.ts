/** A record about another event of the policy `toll`, as a recorder sends it. */
export const aboutRecord = (type: string, key: string, target: string, more: object = {}): object => ({
  key,
  type,
  policy: 'toll',
  target,
  reason: 'Mistyped.',
  occurred: '2024-04-01',
  publishedAt: '2024-04-01',
  summary: 'About a record.',
  ...more,
});
