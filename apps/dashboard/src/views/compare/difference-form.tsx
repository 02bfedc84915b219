import type { VNode } from 'preact';
import { SIDES, type Side, swapSides } from '../../http/compare/difference-answers.js';
import type { Frame } from '../../pages/page.js';

const LABELS: Readonly<Record<Side, string>> = { from: 'From', to: 'To' };

interface FormProps {
  readonly frame: Frame;
  /** The parameters that were refused, if any. */
  readonly atFault?: readonly string[];
}

/** The form that chooses the two sides of a comparison. */
export function DifferenceForm({ frame, atFault = [] }: FormProps): VNode {
  const { parameters } = frame.address;
  return (
    <form class="compare-form" method="get" action={frame.linkWith({}).replace(/\?.*/, '')}>
      {SIDES.map((side) => (
        <SideFields side={side} frame={frame} atFault={atFault} />
      ))}
      <span class="filter-field">
        <label for="compare-group">Grouped by</label>
        <select id="compare-group" name="group">
          <option value="">why</option>
          <option value="policy" selected={parameters.get('group') === 'policy'}>
            policy
          </option>
        </select>
      </span>
      <button type="submit">Compare</button>
      {parameters.has('from') || parameters.has('to') ? (
        <a href={frame.linkWith(swapSides(frame.address))}>Swap the two</a>
      ) : null}
    </form>
  );
}

interface SideProps {
  readonly side: Side;
  readonly frame: Frame;
  readonly atFault: readonly string[];
}

function SideFields({ side, frame, atFault }: SideProps): VNode {
  const { parameters } = frame.address;
  const others = ['validAt', 'recordedAt'].some((name) => parameters.has(`${side}.${name}`));
  const isWrong = (...names: readonly string[]): boolean => names.some((name) => atFault.includes(name));
  return (
    <fieldset class="compare-side">
      <legend>{LABELS[side]}</legend>
      <TimeField
        name={side}
        label="Known on"
        value={valueOfSide(parameters, side)}
        placeholder="8 July 2025"
        isWrong={isWrong(side, `${side}.knownAt`)}
      />
      <details open={others}>
        <summary>Other times</summary>
        <TimeField
          name={`${side}.validAt`}
          label="About"
          value={parameters.get(`${side}.validAt`)}
          placeholder="that day"
          isWrong={isWrong(`${side}.validAt`)}
        />
        <TimeField
          name={`${side}.recordedAt`}
          label="As recorded"
          value={parameters.get(`${side}.recordedAt`)}
          placeholder="today"
          isWrong={isWrong(`${side}.recordedAt`)}
        />
      </details>
    </fieldset>
  );
}

/** What a side is known on; where only the other side is chosen, the coordinate that the reader came from. */
const valueOfSide = (parameters: ReadonlyMap<string, string>, side: Side): string | undefined =>
  parameters.get(side) ?? parameters.get(`${side}.knownAt`) ?? (side === 'to' ? parameters.get('knownAt') : undefined);

interface TimeFieldProps {
  readonly name: string;
  readonly label: string;
  readonly value: string | undefined;
  readonly placeholder: string;
  readonly isWrong: boolean;
}

function TimeField({ name, label, value, placeholder, isWrong }: TimeFieldProps): VNode {
  const id = `compare-${name.replace('.', '-')}`;
  return (
    <span class="filter-field">
      <label for={id}>{label}</label>
      <input
        id={id}
        name={name}
        value={value ?? ''}
        placeholder={placeholder}
        autocomplete="off"
        size={14}
        aria-invalid={isWrong || undefined}
      />
    </span>
  );
}
