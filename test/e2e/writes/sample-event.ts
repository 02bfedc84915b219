/** An event in the import format: the terms of the policy `ferry` changed, unless told otherwise. */
export const sampleEvent = (key: string, more: object = {}) => ({
  key,
  type: 'terms.changed',
  policy: 'ferry',
  occurred: '2024-03-05',
  publishedAt: '2024-03-05',
  summary: 'Something happened.',
  epistemic: 'confirmed',
  sources: [{ publisher: 'Ministry', title: 'Statement', publishedAt: '2024-03-05', genre: 'official' }],
  ...more,
});
