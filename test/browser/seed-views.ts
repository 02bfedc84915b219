import { eventually } from '../support/eventually.js';

const POLICY = '/policies/uk-france-one-in-one-out';

/** The views by the names of their pictures, at addresses where the seeds have something to show. */
export const SEED_VIEWS: Readonly<Record<string, string>> = {
  board: '/policies',
  policy: POLICY,
  'policy-on-a-past-day': `${POLICY}?knownAt=2025-07-08`,
  timeline: `${POLICY}/timeline`,
  events: '/events',
  search: '/events?q=Rwanda',
  event: '/events/one-in-one-out-agreed',
  'compare-empty': '/diff',
  compare: `${POLICY}/diff?from=2025-07-08&to=2025-07-10`,
  history: `${POLICY}/history?field=status`,
  positions: '/positions',
  negotiations: '/negotiations',
  figures: '/figures?measure=illegal-working-arrests-change',
  claims: '/claims',
  sources: '/sources',
  actors: '/actors',
  anomalies: '/anomalies',
  promises: '/promises',
  turns: '/turns',
  impact: '/impact?event=one-in-one-out-agreed',
  'what-if': `${POLICY}?without=event:one-in-one-out-agreed`,
  audit: '/audit',
  live: '/live',
  'types-to-record': '/record',
  form: '/record?type=figure.reported',
  'form-of-a-correction': '/record?corrects=one-in-one-out-agreed',
  'help-on-times': '/help/times',
  'help-on-keys': '/help/keys',
  'embedded-policy': `/embed${POLICY}`,
};

/** Waits until all that was loaded is signed, so that the badge has something to check. */
export async function waitForCheckpoint(url: string): Promise<void> {
  const about = await fetch(`${url}/v1/about`);
  const { head }: { readonly head: number } = JSON.parse(await about.text());
  await eventually('a checkpoint covers the seeds', async () => {
    const checkpoint = await fetch(`${url}/v1/audit/checkpoint`);
    return (await checkpoint.text()).split('\n')[1] === String(head);
  });
}
