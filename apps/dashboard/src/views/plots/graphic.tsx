import { type VNode, createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Graphics } from './graphics.js';

/** The graphics, where they are at hand at once: on the server. */
export const GraphicsContext = createContext<Graphics | undefined>(undefined);

// Read once a page, whatever number of graphics it has.
let loading: Promise<Graphics> | undefined;

const load = (): Promise<Graphics> => {
  loading ??= import('./graphics.js').then((script) => script.GRAPHICS);
  return loading;
};

// What the browser is told of markup that it shall leave as the server wrote it.
const AS_IT_IS = { __html: '' };

interface GraphicProps {
  /** Names the place in the style sheet; it keeps the room of what will be drawn. */
  readonly place?: string;
  readonly draw: (graphics: Graphics) => VNode | null;
}

/**
 * A graphic whose script comes when the page already works.
 *
 * The server draws it. In the browser that picture stays as it is until the script is there and takes over.
 */
export function Graphic({ place = 'plot', draw }: GraphicProps): VNode {
  const given = useContext(GraphicsContext);
  const [graphics, setGraphics] = useState(given);
  useEffect(() => {
    void load().then(setGraphics);
  }, []);
  const className = `graphic graphic-${place}`;
  if (graphics === undefined) return <div class={className} dangerouslySetInnerHTML={AS_IT_IS} />;
  return <div class={className}>{draw(graphics)}</div>;
}
