import { useEffect, useState } from 'preact/hooks';

interface Widths {
  /** What the server draws for. */
  readonly first: number;
  readonly least: number;
  readonly most?: number;
}

/** The width there is for a graphic, in whole pixels; the first until the element is in the page. */
export function useWidth(
  root: { readonly current: HTMLElement | null },
  { first, least, most = Infinity }: Widths,
): number {
  const [width, setWidth] = useState(first);
  useEffect(() => {
    const { current } = root;
    if (!current) return undefined;
    const follow = new ResizeObserver(() => setWidth(Math.min(Math.max(Math.floor(current.clientWidth), least), most)));
    follow.observe(current);
    return () => follow.disconnect();
  }, []);
  return width;
}
