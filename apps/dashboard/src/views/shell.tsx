import type { ComponentChildren, VNode } from 'preact';
import type { Problem } from '../http/ask.js';
import { useState } from 'preact/hooks';
import { Badge } from '../islands/trust/badge.js';
import { LiveNotice } from '../islands/live/live-notice.js';
import { WatchDay } from '../islands/live/watch-day.js';
import type { Frame, OpenPage } from '../pages/page.js';
import { Failure } from './failure.js';
import { Share } from './share.js';
import { TimeBar } from './time-bar.js';

interface ShellProps {
  readonly frame: Frame;
  readonly page: Pick<OpenPage, 'title' | 'coordinate' | 'permalink' | 'lagMs'> & Partial<Pick<OpenPage, 'check'>>;
  /** Why the newest question could not be answered; what was shown before stays. */
  readonly problem?: Problem | undefined;
  /** True while a further answer is being waited for. */
  readonly isBusy?: boolean;
  readonly children: ComponentChildren;
}

const SECTIONS = [
  ['/policies', 'Policies'],
  ['/events', 'Timeline'],
  ['/diff', 'Compare'],
  ['/positions', 'Positions'],
  ['/negotiations', 'Negotiations'],
  ['/figures', 'Figures'],
  ['/claims', 'Claims'],
  ['/sources', 'Sources'],
  ['/actors', 'Actors'],
  ['/anomalies', 'Anomalies'],
  ['/audit', 'Audit'],
  ['/live', 'Live'],
] as const;

/** What surrounds the content of every page: landmarks, the time bar, the way on. An embedded page has the content alone. */
export function Shell({ frame, page, problem, isBusy = false, children }: ShellProps): VNode {
  const [isWatching, setWatching] = useState(false);
  const timeBar =
    page.coordinate === undefined ? null : (
      <TimeBar frame={frame} coordinate={page.coordinate}>
        <WatchDay frame={frame} page={page} isOn={isWatching} onTurn={setWatching} />
      </TimeBar>
    );
  if (frame.address.isEmbedded) return <Embedded frame={frame} page={page} children={children} />;
  return (
    <>
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <header class="masthead">
        <a class="brand" href={frame.link('/')}>
          Policy Timeline
        </a>
        <nav aria-label="Views">
          <ul>
            {SECTIONS.map(([path, name]) => (
              <li>
                <a href={frame.link(path)} aria-current={frame.address.path === path ? 'page' : undefined}>
                  {name}
                </a>
              </li>
            ))}
            {frame.about.writes === 'open' ? (
              <li>
                <a href="/record">Record</a>
              </li>
            ) : null}
          </ul>
        </nav>
        <Badge check={page.check} />
      </header>
      {timeBar}
      <main id="content" tabIndex={-1} aria-busy={isBusy ? 'true' : undefined}>
        <h1>{page.title}</h1>
        <LiveNotice frame={frame} page={page} isWatching={isWatching} />
        <Lag lagMs={page.lagMs} />
        <div aria-live="polite">{problem === undefined ? null : <Failure problem={problem} />}</div>
        {children}
      </main>
      <Foot frame={frame} page={page} />
    </>
  );
}

const LAG_TO_TELL_MS = 1_000;

function Lag({ lagMs }: { readonly lagMs: number }): VNode | null {
  if (lagMs <= LAG_TO_TELL_MS) return null;
  return <p class="notice">This view is {Math.round(lagMs / 1_000)} s behind the log.</p>;
}

function Foot({ frame, page }: Pick<ShellProps, 'frame' | 'page'>): VNode {
  return (
    <footer class="foot">
      <Share frame={frame} page={page} />
      <p>
        Days are those of {frame.about.timeZone.replaceAll('_', ' ')}. <a href="/help/times">The three times</a> ·{' '}
        <a href="/help/keys">Keys</a> · <a href="/docs">Interface</a>
        {frame.about.publisher === null ? null : ` · Published by ${frame.about.publisher}`}
        {frame.about.licence === null ? ' · No licence stated' : ` · Licence: ${frame.about.licence}`}
      </p>
    </footer>
  );
}

/** The page of an address of data. */
const pageOf = (permalink: string): string => permalink.replace(/^\/v1/, '');

function Embedded({ frame, page, children }: ShellProps): VNode {
  const { coordinate, permalink } = page;
  return (
    <main id="content" class="embedded">
      <h1>{page.title}</h1>
      {children}
      <p class="foot">
        {coordinate === undefined ? null : `Known on ${frame.dates.moment(coordinate.knownAt)} · `}
        <a href={permalink === undefined ? frame.address.path : pageOf(permalink)} target="_blank" rel="noopener">
          Open
        </a>
      </p>
    </main>
  );
}
