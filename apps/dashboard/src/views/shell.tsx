import type { ComponentChildren, VNode } from 'preact';
import { useState } from 'preact/hooks';
import { COORDINATE_PARAMETERS } from '../http/address.js';
import { Badge } from '../islands/trust/badge.js';
import { useLater } from '../islands/later.js';
import { LiveNotice } from '../islands/live/live-notice.js';
import { WatchDay } from '../islands/live/watch-day.js';
import { ThemeChoice } from '../islands/theme-choice.js';
import { sharedLinks } from '../http/share/shared-links.js';
import type { Frame, OpenPage } from '../pages/page.js';
import { countOf } from '../words/words.js';
import { Hypothesis } from './analysis/hypothesis.js';
import { CsrfField } from './csrf-field.js';
import { SignInLink } from './sign-in-link.js';
import { TimeBar } from './time-bar.js';

/** Why a question could not be answered, and how that is told. */
export interface ShownFailure {
  /** The parameters that were refused, if any. */
  readonly atFault: readonly string[];
  readonly content: VNode;
}

interface ShellProps {
  readonly frame: Frame;
  readonly page: Pick<OpenPage, 'title' | 'coordinate' | 'permalink' | 'lagMs'> &
    Partial<Pick<OpenPage, 'check' | 'compared' | 'isHypothetical' | 'hidden'>>;
  /** Why the newest question could not be answered; what was shown before stays. */
  readonly failure?: ShownFailure | undefined;
  /** True while a further answer is being waited for. */
  readonly isBusy?: boolean;
  /** What there is to share: unfolded in place on the server, a dialog in the browser. */
  readonly share?: VNode;
  readonly children: ComponentChildren;
}

const SECTIONS = [
  ['/policies', 'Policies'],
  ['/events', 'Timeline'],
  ['/diff', 'Compare'],
  ['/positions', 'Positions'],
  ['/turns', 'Turns'],
  ['/promises', 'Promises'],
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
export function Shell({ frame, page, failure, isBusy = false, share, children }: ShellProps): VNode {
  const [isWatching, setWatching] = useState(false);
  const atFault = failure?.atFault ?? [];
  const hasTimes = page.coordinate !== undefined || atFault.some(isTime) || (failure && isPlaced(frame));
  const timeBar = hasTimes ? (
    <TimeBar frame={frame} coordinate={page.coordinate} atFault={atFault} hidden={page.hidden}>
      <WatchDay frame={frame} page={page} isOn={isWatching} onTurn={setWatching} />
      {page.coordinate === undefined || page.isHypothetical ? null : (
        <a href="#share" onClick={openShare}>
          Share, cite
        </a>
      )}
    </TimeBar>
  ) : null;
  if (frame.address.isEmbedded) return <Embedded frame={frame} page={page} children={failure?.content ?? children} />;
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
        <SignInOrOut frame={frame} />
        <Badge check={page.check} />
      </header>
      {timeBar}
      <main id="content" tabIndex={-1} aria-busy={isBusy ? 'true' : undefined}>
        <h1>{page.title}</h1>
        <Hypothesis frame={frame} isHypothetical={page.isHypothetical === true} />
        <LiveNotice frame={frame} page={page} isWatching={isWatching} />
        <Lag frame={frame} page={page} />
        <div aria-live="polite">{failure?.content}</div>
        {children}
      </main>
      <Foot frame={frame}>{share}</Foot>
    </>
  );
}

/** Opens what there is to share at the foot, as its button does; where no script runs, the link leads there. */
function openShare(event: Event): void {
  const button = document.getElementById('share-open');
  if (button === null) return;
  event.preventDefault();
  button.click();
}

/** Who is signed in may do what their role says, and has no name here. */
function SignInOrOut({ frame }: Pick<ShellProps, 'frame'>): VNode | null {
  const { about } = frame;
  if (about.signIn === 'none') return null;
  if (about.signIn === 'out') return <SignInLink frame={frame} />;
  return (
    <form class="signed-in" method="post" action="/sign-out">
      <CsrfField about={about} />
      Signed in as {about.role} <button type="submit">Sign out</button>
    </form>
  );
}

const isTime = (name: string): boolean => COORDINATE_PARAMETERS.some((each) => each === name);

const isPlaced = ({ address: { parameters } }: Frame): boolean => [...parameters.keys()].some(isTime);

const LAG_TO_TELL_MS = 1_000;

function Lag({ frame, page: { lagMs, coordinate } }: Pick<ShellProps, 'frame' | 'page'>): VNode | null {
  if (lagMs <= LAG_TO_TELL_MS) return null;
  const behind = frame.about.head - (coordinate?.recordedAt.position ?? frame.about.head);
  const isCounted = behind > 0 && !frame.address.parameters.has('recordedAt');
  return (
    <p class="notice">
      This view is {isCounted ? countOf(behind, 'event') : `${Math.round(lagMs / 1_000)} s`} behind the log.
    </p>
  );
}

function Foot({ frame, children }: Pick<ShellProps, 'frame' | 'children'>): VNode {
  return (
    <footer class="foot">
      {/* In an element of its own: the server and the browser draw it differently. */}
      <div class="share-place" id="share">
        {children}
      </div>
      <p>
        <ThemeChoice />
      </p>
      <p>
        Days are those of {frame.about.timeZone.replaceAll('_', ' ')}. <a href="/help/times">The three times</a> ·{' '}
        <a href="/help/keys">Keys</a> · <a href="/docs">Interface</a>
        {frame.about.publisher === null ? null : ` · Published by ${frame.about.publisher}`}
        {frame.about.licence === null ? ' · No licence stated' : ` · Licence: ${frame.about.licence}`}
      </p>
    </footer>
  );
}

/** The content alone. It follows the log only where it is asked to; else it stays as it was loaded. */
function Embedded({ frame, page, children }: ShellProps): VNode {
  const { coordinate } = page;
  const links = sharedLinks(frame.address, { compared: undefined, ...page });
  const isLive = frame.address.parameters.get('live') === 'true';
  const isPastState = /^\/policies\/[^/]+$/.test(frame.address.path) && isPlaced(frame) && page.isHypothetical !== true;
  const KnownNow = useLater(isPastState, () => import('../islands/share/known-now.js').then((known) => known.KnownNow));
  return (
    <main id="content" class="embedded">
      <h1>{page.title}</h1>
      <Hypothesis frame={frame} isHypothetical={page.isHypothetical === true} />
      {isLive ? <LiveNotice frame={frame} page={page} isWatching={false} /> : null}
      {children}
      <p class="foot">
        {coordinate === undefined ? null : `Known on ${frame.dates.moment(coordinate.knownAt)} · `}
        <a
          href={(isLive ? links?.newest : links?.pinned) ?? frame.address.path}
          target="_blank"
          rel="noopener"
          aria-label={`Open ${page.title} in a new window`}
        >
          Open
        </a>
        {KnownNow === undefined || coordinate === undefined ? null : <KnownNow frame={frame} coordinate={coordinate} />}
      </p>
    </main>
  );
}
