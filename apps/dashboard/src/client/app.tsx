import type { VNode } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { type Changes, linkWith, readAddress } from '../http/address.js';
import type { About } from '../http/answers.js';
import type { Problem } from '../http/ask.js';
import { askOverHttp } from '../islands/browser.js';
import { type Navigation, NavigationContext } from '../islands/navigation.js';
import { useShortcuts } from '../islands/shortcuts.js';
import { type OpenPage, type Page, frameOf } from '../pages/page.js';
import { Shell } from '../views/shell.js';

interface AppProps {
  readonly page: Page;
  readonly about: About;
  readonly first: OpenPage;
}

interface Shown {
  readonly open: OpenPage;
  readonly url: string;
}

const currentUrl = (): string => `${location.pathname}${location.search}`;

/** The page in the browser: what the server drew, moved to other coordinates as the reader asks. */
export function App({ page, about, first }: AppProps): VNode {
  const [{ open, url }, setShown] = useState<Shown>({ open: first, url: currentUrl() });
  const [problem, setProblem] = useState<Problem>();
  const newest = useRef(0);
  const show = async (target: string): Promise<void> => {
    newest.current += 1;
    const turn = newest.current;
    const loaded = await page.load(readAddress(target), askOverHttp);
    // An answer that was overtaken by a newer question is not shown.
    if (turn !== newest.current) return;
    setProblem(loaded.ok ? undefined : loaded.problem);
    if (loaded.ok) setShown({ open: loaded.body, url: target });
  };
  const navigation = useMemo<Navigation>(
    () => ({
      move: (changes: Changes, how) => {
        const target = linkWith(readAddress(currentUrl()), changes);
        if (how === 'passing') history.replaceState(null, '', target);
        else if (target !== currentUrl() || how === 'final') history.pushState(null, '', target);
        void show(target);
      },
      refresh: () => show(currentUrl()),
    }),
    [page],
  );
  useEffect(() => {
    const onBack = (): void => {
      void show(currentUrl());
    };
    addEventListener('popstate', onBack);
    return () => removeEventListener('popstate', onBack);
  }, [page]);
  const frame = frameOf(about, readAddress(url), location.origin);
  useShortcuts({
    '/': () => location.assign(frame.link('/events')),
    '?': () => location.assign('/help/keys'),
    '\\': () => navigation.move({ knownAt: undefined, validAt: undefined, recordedAt: undefined }, 'final'),
    '[': () => press('Previous publication'),
    ']': () => press('Next publication'),
    c: () => location.assign(compareFrom(frame.address.path, open)),
  });
  useEffect(() => {
    document.title = `${open.title} · Policy Timeline`;
  }, [open.title]);
  return (
    <NavigationContext.Provider value={navigation}>
      <Shell frame={frame} page={open} problem={problem}>
        {open.content(frame)}
      </Shell>
    </NavigationContext.Provider>
  );
}

/** Presses a button of the time bar: the key does exactly what the button does. */
function press(title: string): void {
  document.querySelector<HTMLButtonElement>(`.scrubber button[title="${title}"]`)?.click();
}

function compareFrom(path: string, { coordinate }: OpenPage): string {
  const [policy = ''] = /^\/policies\/[^/]+/.exec(path) ?? [];
  return `${policy}/diff${coordinate === undefined ? '' : `?from=${coordinate.knownAt}`}`;
}
