import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { COORDINATE_PARAMETERS } from '../http/address.js';
import { read } from '../http/ask.js';
import type { DifferenceOf } from '../http/compare/difference-answers.js';
import type { Titles } from '../http/titles.js';
import type { Frame } from '../pages/page.js';
import { SinceVisit } from '../views/since-visit.js';
import { askOverHttp } from './browser.js';
import { noteVisit } from './last-visit.js';

interface VisitProps {
  readonly titles: Titles;
  readonly frame: Frame;
}

interface Found {
  readonly since: number;
  readonly difference: DifferenceOf;
}

/**
 * What was recorded since this browser last saw the board. Nothing at the first visit, at a coordinate other than now,
 * and in pages of others, where nothing is kept.
 */
export function SinceLastVisit({ titles, frame }: VisitProps): VNode | null {
  const [found, setFound] = useState<Found>();
  const { about, address } = frame;
  const isNow = COORDINATE_PARAMETERS.every((name) => !address.parameters.has(name));
  useEffect(() => {
    if (!isNow || address.isEmbedded) return;
    const since = visitBefore(about.head);
    if (since === undefined) return;
    const question = `/v1/diff?from.recordedAt=@${since}&to.recordedAt=@${about.head}`;
    void read<DifferenceOf>(askOverHttp, question).then((answer) => {
      if (answer.ok) setFound({ since, difference: answer.body });
    });
  }, [isNow]);
  if (found === undefined || !isNow) return null;
  return <SinceVisit {...found} head={about.head} titles={titles} frame={frame} />;
}

/** Up to where this browser saw the log at the visit before; nothing where keeping is forbidden. */
function visitBefore(head: number): number | undefined {
  try {
    return noteVisit(head, localStorage, sessionStorage);
  } catch {
    return undefined;
  }
}
