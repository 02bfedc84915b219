import type { VNode } from 'preact';
import { COORDINATE_PARAMETERS } from '../../http/address.js';
import type { PolicyEvent } from '../../http/answers.js';
import type { Titles } from '../../http/titles.js';
import type { Frame } from '../../pages/page.js';
import { typeInWords } from '../../words/event-words.js';
import { distinct } from '../parts/filter-form.js';

interface SearchProps {
  readonly frame: Frame;
  readonly events: readonly PolicyEvent[];
  readonly titles: Titles;
  /** The filters that the list takes. */
  readonly filters: readonly string[];
}

/** The form that searches events, and below it what is chosen, each of which can be taken out. */
export function EventSearch({ frame, events, titles, filters }: SearchProps): VNode {
  const { parameters } = frame.address;
  const actors = distinct(events.flatMap(({ actors: some = [] }) => some.map(({ name }) => name)));
  return (
    <>
      <form class="filter-form" method="get" action={frame.linkWith({}).replace(/\?.*/, '')} role="search">
        {COORDINATE_PARAMETERS.filter((name) => parameters.has(name)).map((name) => (
          <input type="hidden" name={name} value={parameters.get(name)} />
        ))}
        <Words name="q" label="Words" frame={frame} />
        <Words name="actor" label="Actor" suggestions={actors} frame={frame} />
        <Words name="type" label="Type" suggestions={distinct(events.map(({ type }) => type))} frame={frame} />
        {filters.includes('policy') ? <PolicyChoice titles={titles} frame={frame} /> : null}
        <OrderChoice frame={frame} />
        <span class="switches">
          {SWITCHES.filter(({ name }) => filters.includes(name)).map((each) => (
            <label>
              <input
                type="checkbox"
                name={each.name}
                value={each.value}
                checked={parameters.get(each.name) === each.value}
              />{' '}
              {each.words}
            </label>
          ))}
        </span>
        <button type="submit">Search</button>
      </form>
      <Chips frame={frame} titles={titles} filters={filters} />
    </>
  );
}

/** What widens a list when it is switched on. */
const SWITCHES = [
  { name: 'affiliated', value: 'true', words: 'also those who act for the actor' },
  { name: 'scope', value: 'any', words: 'also what merely concerns it' },
  { name: 'records', value: 'true', words: 'also corrections and further sources' },
  { name: 'retracted', value: 'true', words: 'also retracted events' },
] as const;

interface WordsProps {
  readonly name: string;
  readonly label: string;
  readonly suggestions?: readonly string[];
  readonly frame: Frame;
}

function Words({ name, label, suggestions = [], frame }: WordsProps): VNode {
  const list = `event-${name}-list`;
  return (
    <span class="filter-field">
      <label for={`event-${name}`}>{label}</label>
      <input
        id={`event-${name}`}
        name={name}
        type={name === 'q' ? 'search' : 'text'}
        value={frame.address.parameters.get(name) ?? ''}
        placeholder="any"
        list={suggestions.length === 0 ? undefined : list}
      />
      {suggestions.length === 0 ? null : (
        <datalist id={list}>
          {suggestions.map((each) => (
            <option value={each} />
          ))}
        </datalist>
      )}
    </span>
  );
}

function PolicyChoice({ titles, frame }: Pick<SearchProps, 'titles' | 'frame'>): VNode {
  const chosen = frame.address.parameters.get('policy');
  const choices = { ...(chosen === undefined ? {} : { [chosen]: chosen }), ...titles };
  return (
    <span class="filter-field">
      <label for="event-policy">Policy</label>
      <select id="event-policy" name="policy">
        <option value="">any</option>
        {Object.entries(choices).map(([slug, title]) => (
          <option value={slug} selected={slug === chosen}>
            {title}
          </option>
        ))}
      </select>
    </span>
  );
}

/** The orders of a list of events; the first is that of a list that says none. */
const ORDERS = [
  { order: 'occurred', words: 'when it happened' },
  { order: 'published', words: 'when it was published' },
  { order: 'recorded', words: 'when it was recorded' },
] as const;

function OrderChoice({ frame }: Pick<SearchProps, 'frame'>): VNode {
  const chosen = frame.address.parameters.get('order');
  return (
    <span class="filter-field">
      <label for="event-order">In order of</label>
      <select id="event-order" name="order">
        {ORDERS.map(({ order, words }, index) => (
          <option value={index === 0 ? '' : order} selected={order === chosen}>
            {words}
          </option>
        ))}
      </select>
    </span>
  );
}

function Chips({ frame, titles, filters }: Pick<SearchProps, 'frame' | 'titles' | 'filters'>): VNode | null {
  const chosen = filters.flatMap((name) => {
    const value = frame.address.parameters.get(name);
    return value === undefined ? [] : [{ name, words: filterInWords(name, value, titles) }];
  });
  if (chosen.length === 0) return null;
  return (
    <ul class="filter-chips" aria-label="Chosen filters">
      {chosen.map(({ name, words }) => (
        <li>
          <a href={frame.linkWith({ [name]: undefined, cursor: undefined })}>
            {words} <span aria-hidden="true">×</span>
            <span class="unseen">, remove</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

/** What a filter of a list of events chooses, in words. */
export function filterInWords(name: string, value: string, titles: Titles): string {
  if (name === 'q') return `“${value}”`;
  if (name === 'type') return typeInWords(value);
  if (name === 'policy') return titles[value] ?? value;
  if (name === 'order') return `in order of ${ORDERS.find(({ order }) => order === value)?.words ?? value}`;
  return SWITCHES.find((each) => each.name === name && each.value === value)?.words ?? value;
}
