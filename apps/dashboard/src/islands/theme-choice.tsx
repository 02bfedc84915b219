import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { keep, readKept } from './browser.js';

/** The name under which the browser keeps the scheme; `client/theme.ts` reads it before anything is drawn. */
const THEME = 'theme';

const SCHEMES = [
  ['system', 'as your system'],
  ['light', 'light'],
  ['dark', 'dark'],
] as const;

type Scheme = (typeof SCHEMES)[number][0];

/** The choice of colours: those of the reader's system, or one scheme for this page. It acts once the page is alive. */
export function ThemeChoice(): VNode {
  const [scheme, setScheme] = useState<Scheme>();
  useEffect(() => {
    const kept = readKept(THEME);
    setScheme(SCHEMES.find(([each]) => each === kept)?.[0] ?? 'system');
  }, []);
  const choose = (chosen: Scheme): void => {
    keep(THEME, chosen);
    const { dataset } = document.documentElement;
    if (chosen === 'system') delete dataset['theme'];
    else dataset['theme'] = chosen;
    setScheme(chosen);
  };
  return (
    <label class="theme">
      Colours{' '}
      <select
        disabled={scheme === undefined}
        value={scheme ?? 'system'}
        onChange={({ currentTarget }) =>
          choose(SCHEMES.find(([each]) => each === currentTarget.value)?.[0] ?? 'system')
        }
      >
        {SCHEMES.map(([each, words]) => (
          <option key={each} value={each}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
