import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { axisOfSteps, axisOfTime } from '../../graphics/plane/axes.js';
import { boxesOfRows, extentAround } from '../../graphics/plane/boxes-of-rows.js';
import { drawPlane } from '../../graphics/plane/draw-plane.js';
import { framePlane } from '../../graphics/plane/frame-plane.js';
import { layOutPlane } from '../../graphics/plane/lay-out-plane.js';
import { openWallClock } from '../../graphics/time/wall-time.js';
import type { HistoryBox } from '../../http/history-answers.js';
import { Plot } from './plot.js';

interface HistoryPlaneProps {
  /** The history of one field; its table is beside it. */
  readonly boxes: readonly HistoryBox[];
  readonly zone: string;
  /** The instant at which the plane is cut. */
  readonly about: string;
}

const WIDTH_PX = 780;
const HEIGHT_PX = 320;

/** What was thought of a field, and when: valid time to the right, known time downwards. */
export function HistoryPlane({ boxes, zone, about }: HistoryPlaneProps): VNode | null {
  const [isInSteps, setInSteps] = useState(false);
  const clock = openWallClock(zone);
  const rows = boxesOfRows(boxes);
  if (rows.length === 0) return null;
  const cut = clock.toWall(Date.parse(about));
  const boundsOf = (axis: 'valid' | 'known') => rows.flatMap((box) => [box[axis].from, box[axis].to]).map(clock.toWall);
  const knownExtent = extentAround(boundsOf('known'), HEIGHT_PX);
  const layout = layOutPlane(
    rows,
    {
      valid: axisOfTime(extentAround([...boundsOf('valid'), cut], WIDTH_PX)),
      known: isInSteps ? axisOfSteps(boundsOf('known'), knownExtent) : axisOfTime(knownExtent),
    },
    clock,
  );
  return (
    <figure class="plane">
      <Plot drawing={framePlane(drawPlane(layout, clock, cut), layout, clock)} />
      <figcaption>
        When it was so runs to the right, when it was known runs down. The dashed line is what was known as it happened;
        left of it lies hindsight, right of it lie plans.{' '}
        <button type="button" aria-pressed={isInSteps} onClick={() => setInSteps(!isInSteps)}>
          One step for each change
        </button>
      </figcaption>
    </figure>
  );
}
