/** An event of the policy `ferry` in the import format: its terms changed, unless told otherwise. */
export const ferryEvent = (key: string, more: object = {}) => ({
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
