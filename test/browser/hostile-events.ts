import type { TestApplication } from '../e2e/running-application.js';

/** Markup that would leave a trace if any of it were more than text. */
export const MARKUP = '<script>window.hit=1</script><img src=x onerror="window.hit=1">';

/** A text that turns the direction of writing, with signs of four bytes. */
export const TURNED = '\u202eesrever\u202c 😀🏴󠁧󠁢󠁥󠁮󠁧󠁿';

const UNBROKEN = 'x'.repeat(280);

const crowd = Array.from({ length: 200 }, (_, index) => ({
  name: `${'y'.repeat(90)}${index}`,
  kind: 'person',
  role: MARKUP,
}));

/** The policy that the events are about. */
export const HOSTILE_POLICY = 'hostile';

const event = (key: string, rest: object): object => ({
  key: `hostile-${key}`,
  policy: HOSTILE_POLICY,
  occurred: '2024-03-01',
  publishedAt: '2024-03-01',
  epistemic: 'claimed',
  status: null,
  summary: `${MARKUP} ${TURNED}`,
  actors: [{ name: MARKUP, kind: 'organisation', role: UNBROKEN.slice(0, 200) }],
  sources: [
    {
      publisher: MARKUP,
      title: `${MARKUP}${UNBROKEN.slice(0, 150)}`,
      publishedAt: '2024-03-01',
      genre: 'news',
      url: `https://example.com/${UNBROKEN}?"><script>window.hit=1</script>`,
      locator: MARKUP,
    },
  ],
  note: `javascript:window.hit=1 ${MARKUP} ${TURNED}`,
  ...rest,
});

/** Records events whose every text is meant to break a page. */
export const recordHostileEvents = (application: TestApplication) =>
  application.importLines([
    {
      policy: { slug: HOSTILE_POLICY, title: `${MARKUP}${UNBROKEN.slice(0, 100)}`, kind: 'scheme', jurisdiction: 'GB' },
    },
    event('claim', { type: 'claim.made' }),
    event('crowd', { type: 'position.stated', stance: 'oppose', actors: crowd }),
    event('terms', {
      type: 'terms.changed',
      summary: UNBROKEN,
      terms: [{ key: 'price', value: `${MARKUP}${UNBROKEN.slice(0, 100)}`, unit: 'GBP' }],
    }),
    event('figure', {
      type: 'figure.reported',
      figures: [{ measure: 'ships', value: 1e15, comparator: 'exact', unit: 'people', period: '2024' }],
    }),
    {
      ...event('correction', { type: 'record.corrected', target: 'hostile-terms', reason: MARKUP }),
      changes: { summary: TURNED },
      actors: undefined,
      status: undefined,
      epistemic: undefined,
    },
  ]);

/** The views in which texts of events stand. */
export const HOSTILE_VIEWS: readonly string[] = [
  '/policies',
  '/policies/hostile',
  '/policies/hostile/timeline?records=true',
  '/policies/hostile/diff?from=2024-01-01&to=2024-06-01',
  '/policies/hostile/history?field=terms.price',
  '/events?q=script&policy=hostile',
  '/events/hostile-claim',
  '/events/hostile-crowd',
  '/events/hostile-terms',
  '/positions?policy=hostile',
  '/figures?policy=hostile',
  '/claims?policy=hostile',
  '/sources?policy=hostile',
  '/actors?policy=hostile',
  '/record?corrects=hostile-claim',
  '/live',
];
