import type { VNode } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { type Address, type Changes, linkWith, readAddress } from '../http/address.js';
import type { About } from '../http/answers.js';
import type { Problem } from '../http/ask.js';
import { askOverHttp, forgetAnswers } from '../islands/browser.js';
import { type Navigation, NavigationContext } from '../islands/navigation.js';
import { ShareButton } from '../islands/share/share-button.js';
import { type Shortcuts, useShortcuts } from '../islands/shortcuts.js';
import { type Frame, type OpenPage, type Page, frameOf } from '../pages/page.js';
import { Shell, type ShownFailure } from '../views/shell.js';

interface AppProps {
  readonly page: Page;
  readonly about: About;
  readonly first: OpenPage;
}

interface Shown {
  readonly open: OpenPage;
  readonly url: string;
}

/** An answer that comes within this time needs no sign that it is being waited for. */
const WAIT_TO_TELL_MS = 200;

const currentUrl = (): string => `${location.pathname}${location.search}`;

/** The page in the browser: what the server drew, moved to other coordinates as the reader asks. */
export function App({ page, about, first }: AppProps): VNode {
  const [{ open, url }, setShown] = useState<Shown>({ open: first, url: currentUrl() });
  const [failure, setFailure] = useState<ShownFailure>();
  const [isBusy, setBusy] = useState(false);
  const newest = useRef(0);
  /** The address from which the slider set out, while it is under way. */
  const leftAt = useRef<string | undefined>(undefined);
  const show = async (target: string): Promise<void> => {
    newest.current += 1;
    const turn = newest.current;
    const telling = setTimeout(() => setBusy(turn === newest.current), WAIT_TO_TELL_MS);
    const loaded = await page.load(readAddress(target), askOverHttp);
    clearTimeout(telling);
    // An answer that was overtaken by a newer question is not shown.
    if (turn !== newest.current) return;
    setBusy(false);
    const isNewest = (): boolean => turn === newest.current;
    setFailure(undefined);
    if (loaded.ok) {
      setShown({ open: loaded.body, url: target });
      return;
    }
    const told = await tell(loaded.problem, readAddress(target));
    if (isNewest()) setFailure(told);
    askAgainLater(loaded.problem, () => isNewest() && void show(target));
  };
  const navigation = useMemo<Navigation>(
    () => ({
      move: (changes: Changes, how) => {
        const target = linkWith(readAddress(currentUrl()), changes);
        leftAt.current = step(target, how, leftAt.current);
        void show(target);
      },
      asked: () => readAddress(currentUrl()),
      refresh: () => {
        forgetAnswers();
        return show(currentUrl());
      },
    }),
    [page],
  );
  useEffect(() => {
    const onBack = (): void => {
      leftAt.current = undefined;
      void show(currentUrl());
    };
    addEventListener('popstate', onBack);
    return () => removeEventListener('popstate', onBack);
  }, [page]);
  const frame = frameOf(about, readAddress(url), location.origin);
  // Within a page of others the keys are theirs.
  useShortcuts(frame.address.isEmbedded ? {} : shortcutsOf({ frame, open, navigation }));
  useEffect(() => {
    document.title = `${open.title} · Policy Timeline`;
  }, [open.title]);
  return (
    <NavigationContext.Provider value={navigation}>
      <Shell
        frame={frame}
        page={open}
        failure={failure}
        isBusy={isBusy}
        share={<ShareButton frame={frame} page={open} />}
      >
        {open.content(frame)}
      </Shell>
    </NavigationContext.Provider>
  );
}

/** Moves the history to an address; answers from where, while that is passed only: Back leads to where the way began. */
function step(target: string, how: 'passing' | 'final', leftAt: string | undefined): string | undefined {
  if (how === 'passing') {
    const from = leftAt ?? currentUrl();
    history.replaceState(null, '', target);
    return from;
  }
  if (leftAt !== undefined) history.replaceState(null, '', leftAt);
  if (target !== currentUrl()) history.pushState(null, '', target);
  return undefined;
}

interface Shortcutting {
  readonly frame: Frame;
  readonly open: OpenPage;
  readonly navigation: Navigation;
}

const shortcutsOf = ({ frame, open, navigation }: Shortcutting): Shortcuts => ({
  '/': () => location.assign(frame.link('/events')),
  '?': () => location.assign('/help/keys'),
  '\\': () => navigation.move({ knownAt: undefined, validAt: undefined, recordedAt: undefined }, 'final'),
  '[': () => press('Previous publication'),
  ']': () => press('Next publication'),
  c: () => location.assign(compareFrom(frame, open)),
  y: openShare,
});

/** How a problem is told. Few see one, so the words come when they are needed, and shorter where they cannot. */
async function tell(problem: Problem, address: Address): Promise<ShownFailure> {
  try {
    const { showFailure } = await import('../views/failure.js');
    return showFailure(problem, address);
  } catch {
    return { atFault: [], content: <p>{problem.detail}</p> };
  }
}

/** Asks once more after the time that the answer names, where it names one. */
function askAgainLater({ retryAfterSeconds }: Problem, ask: () => void): void {
  if (retryAfterSeconds !== undefined) setTimeout(ask, retryAfterSeconds * 1_000);
}

/** Opens the dialog as its button does, to which the focus comes back when it is closed. */
function openShare(): void {
  const button = document.getElementById('share-open');
  button?.focus();
  button?.click();
}

/** Presses a button of the time bar: the key does exactly what the button does. */
function press(title: string): void {
  document.querySelector<HTMLButtonElement>(`.scrubber button[title="${title}"]`)?.click();
}

/** Compares a past day with today; from today on the other side is left to choose. */
function compareFrom({ address: { path, parameters }, dates }: Frame, { coordinate }: OpenPage): string {
  const [policy = ''] = /^\/policies\/[^/]+/.exec(path) ?? [];
  if (coordinate === undefined) return `${policy}/diff`;
  const [from, today] = [coordinate.knownAt, new Date().toISOString()].map((at) => dates.isoDay(at));
  return `${policy}/diff?from=${parameters.get('knownAt') ?? from}${from === today ? '' : `&to=${today}`}`;
}
