import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Coordinate } from '../../http/answers.js';
import { read } from '../../http/ask.js';
import { querySince } from '../../http/compare/since.js';
import type { Frame } from '../../pages/page.js';
import { countOf } from '../../words/words.js';
import { askOverHttp } from '../browser.js';

interface KnownNowProps {
  readonly frame: Frame;
  readonly coordinate: Coordinate;
}

/** How much of what a frame shows is known differently today, about the same day: the frame itself stays as it is. */
export function KnownNow({ frame: { address }, coordinate }: KnownNowProps): VNode | null {
  const [count, setCount] = useState(0);
  const path = `${address.path}/diff?${querySince(coordinate)}`;
  useEffect(() => {
    const ask = async (): Promise<void> => {
      const now = await read<{ readonly changes: readonly unknown[] }>(askOverHttp, `/v1${path}`);
      if (now.ok) setCount(now.body.changes.length);
    };
    void ask();
  }, [path]);
  if (count === 0) return null;
  return (
    <>
      {' · '}
      <a href={path} target="_blank" rel="noopener">
        {countOf(count, 'thing')} {count === 1 ? 'is' : 'are'} known differently today
      </a>
    </>
  );
}
