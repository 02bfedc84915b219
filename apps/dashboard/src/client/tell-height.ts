import type { HeightMessage } from '../http/share/embedding.js';

/** Tells the page around how high the content of this one is, now and whenever it changes. */
export function tellHeight(): void {
  const tell = (): void => {
    const message: HeightMessage = { policyTimelineHeight: Math.ceil(document.body.getBoundingClientRect().height) };
    parent.postMessage(message, '*');
  };
  new ResizeObserver(tell).observe(document.body);
}
