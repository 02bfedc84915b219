import { useEffect, useState } from 'preact/hooks';

/** A part of a page whose script is fetched when it is wanted; nothing until then. `load` imports it. */
export function useLater<Part>(isWanted: boolean, load: () => Promise<Part>): Part | undefined {
  const [loaded, setLoaded] = useState<{ readonly part: Part }>();
  useEffect(() => {
    if (isWanted) void load().then((part) => setLoaded({ part }));
  }, [isWanted]);
  return loaded?.part;
}
