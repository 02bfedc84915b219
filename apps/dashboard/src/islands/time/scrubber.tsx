import type { VNode } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import type { Coordinate } from '../../http/answers.js';
import type { Frame } from '../../pages/page.js';
import { countOf } from '../../words/words.js';
import { useNavigation } from '../navigation.js';
import { type PublicationDay, columnsOf, dayAsked, stepAt } from './publications.js';
import { passDay, usePassingDay } from './passing-day.js';
import { usePublicationDays } from './publication-days.js';

interface ScrubberProps {
  readonly frame: Frame;
  readonly coordinate: Coordinate;
}

const HISTOGRAM_HEIGHT = 20;

/**
 * The slider of the time bar: its steps are the days on which something in view was published.
 *
 * The server draws the empty place, so nothing moves when the slider comes.
 */
export function Scrubber({ frame, coordinate }: ScrubberProps): VNode {
  const days = usePublicationDays(frame, coordinate.recordedAt.position);
  const navigation = useNavigation();
  const passing = usePassingDay(coordinate.knownAt);
  const passed = useRef<number | undefined>(undefined);
  // The same element again is not gone through at each step.
  const histogram = useMemo(() => <Histogram days={days} />, [days]);
  if (days.length < 2 || navigation === undefined) return <div class="scrubber" />;
  const step = stepAt(days, frame.dates.isoDay(coordinate.knownAt));
  const move = (index: number, how: 'passing' | 'final'): void => {
    const target = days[index];
    if (target !== undefined && how === 'passing') passDay(target.day);
    if (target !== undefined) navigation.move({ knownAt: target.day, cursor: undefined }, how);
  };
  const pass = (index: number): void => {
    passed.current = index;
    move(index, 'passing');
  };
  const letGo = (): void => {
    if (passed.current !== undefined) move(passed.current, 'final');
    passed.current = undefined;
  };
  // A second press counts from where the first one leads to, though its answer may still be on the way.
  const moveBy = (steps: number): void => {
    const asked = navigation.asked().parameters.get('knownAt');
    const isAsShown = asked === frame.address.parameters.get('knownAt');
    const from = isAsShown ? step : stepAt(days, dayAsked(asked, frame.dates) ?? days.at(-1)?.day ?? '');
    move(from + steps, 'final');
  };
  const shown = passing === undefined ? step : stepAt(days, passing);
  const at = days[shown];
  return (
    <div class="scrubber">
      {histogram}
      <button type="button" disabled={step <= 0} onClick={() => moveBy(-1)} title="Previous publication">
        ‹<span class="unseen"> Previous publication</span>
      </button>
      <input
        type="range"
        aria-label="Known on"
        aria-valuetext={at === undefined ? 'before the first publication' : valueText(at, days, frame)}
        min={0}
        max={days.length - 1}
        value={Math.max(shown, 0)}
        onInput={(event) => pass(Number(event.currentTarget.value))}
        onChange={letGo}
        // A browser tells of no change where an answer has set the value meanwhile.
        onPointerUp={letGo}
      />
      <button type="button" disabled={step >= days.length - 1} onClick={() => moveBy(1)} title="Next publication">
        ›<span class="unseen"> Next publication</span>
      </button>
    </div>
  );
}

const valueText = ({ day, known }: PublicationDay, days: readonly PublicationDay[], { dates }: Frame): string =>
  `${dates.day(`${day}T12:00:00.000Z`)}, ${known} of ${countOf(days.at(-1)?.known ?? 0, 'event')} known`;

// More columns could not be told apart.
const MOST_COLUMNS = 300;

/** The density of publications behind the slider. */
function Histogram({ days }: { readonly days: readonly PublicationDay[] }): VNode {
  const columns = columnsOf(days, MOST_COLUMNS);
  const most = Math.max(...columns);
  const width = 100 / columns.length;
  return (
    <svg class="histogram" viewBox={`0 0 100 ${HISTOGRAM_HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {columns.map((events, index) => {
        const height = Math.max(1, (events / most) * HISTOGRAM_HEIGHT);
        return <rect x={index * width} y={HISTOGRAM_HEIGHT - height} width={width * 0.8} height={height} />;
      })}
    </svg>
  );
}
