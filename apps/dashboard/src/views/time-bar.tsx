import type { ComponentChildren, VNode } from 'preact';
import { useRef } from 'preact/hooks';
import type { Coordinate } from '../http/answers.js';
import type { HiddenByTimes } from '../http/events/hidden-events.js';
import { useNavigation } from '../islands/navigation.js';
import { DayPicker } from '../islands/time/day-picker.js';
import { usePassingDay } from '../islands/time/passing-day.js';
import { Scrubber } from '../islands/time/scrubber.js';
import type { Frame } from '../pages/page.js';
import { HiddenCounts } from './hidden-counts.js';

interface TimeBarProps {
  readonly frame: Frame;
  /** Absent where the address was refused: then there is the form alone. */
  readonly coordinate: Coordinate | undefined;
  /** The parameters that were refused, if any. */
  readonly atFault: readonly string[];
  readonly hidden?: HiddenByTimes | undefined;
  /** What else acts on the time that is shown. */
  readonly children?: ComponentChildren;
}

/** The sentence that says when, on top of every view, with a form that changes it; a narrow window has the form folded. */
export function TimeBar({ frame, coordinate, atFault, hidden, children }: TimeBarProps): VNode {
  const fields = useRef<HTMLDetailsElement>(null);
  // At once, not with the next rendering: the field that a date labels is focused right after the click.
  const unfold = (): void => fields.current?.setAttribute('open', '');
  return (
    <section class="time-bar" aria-label="Time">
      {coordinate === undefined ? null : <Sentence frame={frame} coordinate={coordinate} onPick={unfold} />}
      <details class="time-fields" ref={fields} open={atFault.length > 0 || undefined}>
        <summary>Change the times</summary>
        <TimeForm frame={frame} atFault={atFault}>
          {children}
        </TimeForm>
      </details>
      {coordinate === undefined ? null : (
        <>
          <Scrubber frame={frame} coordinate={coordinate} />
          <HiddenCounts hidden={hidden} coordinate={coordinate} frame={frame} />
        </>
      )}
    </section>
  );
}

function TimeForm({ frame, atFault, children }: Omit<TimeBarProps, 'coordinate' | 'hidden'>): VNode {
  const { parameters, path } = frame.address;
  const others = [...parameters].filter(([name]) => !/^(?:knownAt|validAt|recordedAt)$/.test(name));
  return (
    <form class="time-form" method="get" action={path}>
      {others.map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <DateField name="knownAt" label="Known on" frame={frame} placeholder="today" atFault={atFault} />
      <DateField name="validAt" label="About" frame={frame} placeholder="that day" atFault={atFault} />
      <DateField name="recordedAt" label="As recorded" frame={frame} placeholder="today" atFault={atFault} />
      <button type="submit">Show</button>
      {isPinned(frame) ? (
        <a class="quiet" href={frame.linkWith({ knownAt: undefined, validAt: undefined, recordedAt: undefined })}>
          Now
        </a>
      ) : null}
      {children}
    </form>
  );
}

interface SentenceProps {
  readonly frame: Frame;
  readonly coordinate: Coordinate;
  readonly onPick: () => void;
}

function Sentence({ frame, coordinate, onPick }: SentenceProps): VNode {
  const passing = usePassingDay(coordinate.knownAt);
  const known = passing === undefined ? knownWords(frame, coordinate) : frame.dates.day(`${passing}T12:00:00.000Z`);
  return (
    <p class="sentence">
      What was known on <TimePart name="knownAt" words={known} onPick={onPick} /> about{' '}
      <TimePart name="validAt" words={aboutWords(frame, coordinate)} onPick={onPick} />, as our record stands{' '}
      <TimePart name="recordedAt" words={recordedWords(frame, coordinate)} onPick={onPick} />.
    </p>
  );
}

const isPinned = ({ address: { parameters } }: Frame): boolean =>
  ['knownAt', 'validAt', 'recordedAt'].some((name) => parameters.has(name));

interface TimePartProps {
  readonly name: string;
  readonly words: string;
  readonly onPick: () => void;
}

function TimePart({ name, words, onPick }: TimePartProps): VNode {
  return (
    <label class="time-part" for={`time-${name}`} onClick={onPick}>
      {words}
    </label>
  );
}

interface DateFieldProps {
  readonly name: string;
  readonly label: string;
  readonly frame: Frame;
  readonly placeholder: string;
  readonly atFault: readonly string[];
}

function DateField({ name, label, frame, placeholder, atFault }: DateFieldProps): VNode {
  const navigation = useNavigation();
  return (
    <span class="date-field">
      <label for={`time-${name}`}>{label}</label>
      <input
        id={`time-${name}`}
        name={name}
        value={frame.address.parameters.get(name) ?? ''}
        placeholder={placeholder}
        autocomplete="off"
        size={12}
        aria-invalid={atFault.includes(name) || undefined}
      />
      <DayPicker label={label} onChoose={(day) => navigation?.move({ [name]: day, cursor: undefined }, 'final')} />
    </span>
  );
}

const knownWords = ({ address, dates }: Frame, { knownAt }: Coordinate): string =>
  address.parameters.has('knownAt') || address.parameters.has('recordedAt') ? dates.moment(knownAt) : 'today';

function aboutWords({ address, dates }: Frame, { validAt, knownAt }: Coordinate): string {
  return validAt === knownAt || !address.parameters.has('validAt') ? 'that day' : dates.moment(validAt);
}

function recordedWords({ address, dates }: Frame, { recordedAt: { position, at } }: Coordinate): string {
  if (!address.parameters.has('recordedAt')) return `today (@${position})`;
  return at === null ? `at @${position}` : `on ${dates.moment(at)} (@${position})`;
}
