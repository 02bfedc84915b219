import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { edtfInWords } from '../../../apps/dashboard/src/words/dates.js';
import { MANY_POLICIES, manyEvents } from '../../support/events/many-events.js';
import { parseLines, runApplication, type TestApplication } from '../running-application.js';
import type { List, State } from '../reads/answers.js';
import { type SeenCell, partsOf, rowsOfTables, textOf } from './page-rows.js';

/** How many events are made; `PAGE_EVENTS=10000` compares the pages of a large log, which takes minutes. */
const MANY = Number(process.env['PAGE_EVENTS'] ?? 1_000);

const LIMIT_MS = 600_000;

/** Coordinates of each kind: the newest, a day of knowledge, another valid day, the record as it was. */
const COORDINATES = ['', 'knownAt=2025-07-08', 'knownAt=2024-10-10&validAt=2024-07-15', 'recordedAt=@300'];

interface Change {
  readonly policy: string;
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

interface FigureRow {
  readonly event: string;
  readonly value: number | null;
  readonly comparator: string;
  readonly unit: string;
  readonly claimedBy: readonly string[];
  readonly epistemic: string;
}

interface PositionRow {
  readonly event: string;
  readonly actor: string;
  readonly stance: string;
}

let application: TestApplication;
let titles: ReadonlyMap<string, string>;

beforeAll(async () => {
  application = await runApplication({ SEEDS: 'seeds' });
  await application.importLines(parseLines('../worked-example/events.ndjson'));
  const answers = await application.importLines(manyEvents(MANY));
  expect(answers.at(-1)?.summary).toMatchObject({ recorded: MANY + MANY_POLICIES.length, rejected: 0 });
  const policies = await answer<List<State>>('/policies?limit=1000');
  titles = new Map(policies.items.map(({ policy, title }) => [policy, title]));
}, LIMIT_MS);

afterAll(() => application.stop());

async function answer<Body>(path: string): Promise<Body> {
  const { status, body } = await application.get<Body>(`/v1${path}`);
  expect({ path, status }).toEqual({ path, status: 200 });
  return body;
}

/** The markup of a page, without the data that it carries. */
async function page(path: string): Promise<string> {
  const { status, body } = await application.get<string>(path, { accept: 'text/html' });
  expect({ path, status }).toEqual({ path, status: 200 });
  return body.replaceAll(/<script.*?<\/script>/gs, '');
}

interface Amount {
  readonly value?: unknown;
  readonly comparator?: string;
  readonly unit?: string | null;
}

const COMPARED: Readonly<Record<string, string>> = {
  exact: '',
  'at-least': 'at least ',
  'at-most': 'at most ',
  approx: 'about ',
  nearly: 'nearly ',
  vague: 'in words: ',
};

/** What the page has to say of a value of the interface. */
function shown(value: unknown): string {
  if (typeof value === 'string') return /\d{4}-\d\d/.test(value) ? edtfInWords(value) : value.replaceAll('-', ' ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value !== 'object' || value === null) return String(value);
  const { value: amount, comparator = 'exact', unit = null } = value as Amount;
  if (amount === undefined) return JSON.stringify(value);
  const number = typeof amount === 'string' ? amount : amount === null ? 'none' : shown(amount);
  return `${COMPARED[comparator]}${number}${unit === null ? '' : ` ${unit.replaceAll('-', ' ')}`}`;
}

const nameOf = (field: string): string => {
  const [group = '', ...rest] = field.replaceAll('-', ' ').split('.');
  return rest.length === 0 ? group : `${group}: ${rest.join(', ')}`;
};

/** The fields of a state by their paths, which nest at the first dot. */
const fieldsOf = ({ state, blame = {} }: State): readonly (readonly [string, unknown])[] =>
  Object.entries(state).flatMap(([group, value]) =>
    group in blame
      ? [[group, value] as const]
      : Object.entries(value as object).map(([rest, each]) => [`${group}.${rest}`, each] as const),
  );

const sorted = (lines: readonly string[]): readonly string[] => [...lines].sort();

const query = (...parts: readonly string[]): string => {
  const given = parts.filter((part) => part !== '').join('&');
  return given === '' ? '' : `?${given}`;
};

/** The policies of each corpus: all of the seeds and the worked example, some of those that were made. */
const policiesOf = (): readonly string[] =>
  [...titles.keys()].filter((policy) => !MANY_POLICIES.includes(policy) || MANY_POLICIES.indexOf(policy) % 8 === 0);

describe('every number of the page is that of the interface at the same coordinate', () => {
  it(
    'in the state of each policy',
    async () => {
      let rowCount = 0;
      for (const [index, policy] of policiesOf().entries()) {
        const isMade = MANY_POLICIES.includes(policy);
        const coordinate = COORDINATES[index % (isMade ? 3 : 4)] ?? '';
        const found = await application.get<State>(`/v1/policies/${policy}${query(coordinate, 'explain=true')}`);
        // A policy that was not on record yet at the position has no state.
        if (found.status === 404) continue;
        const { body: state } = found;
        const html = await page(`/policies/${policy}${query(coordinate)}`);
        const rows = rowsOfTables(html, 'state');
        rowCount += rows.length;
        const expected = fieldsOf(state).map(([field, value]) =>
          [nameOf(field), shown(value), state.blame?.[field]?.event].join(' | '),
        );
        expect({ policy, coordinate, rows: sorted(rows.map(rowOfState)) }).toEqual({
          policy,
          coordinate,
          rows: sorted(expected),
        });
        const known = `${state.eventCount} ${state.eventCount === 1 ? 'event' : 'events'} known.`;
        expect(textOf(partsOf(html, /<p class="lead">(.*?)<\/p>/gs)[0] ?? '')).toContain(known);
        expect(partsOf(html, /<tr class="uncertain">(.*?)<\/tr>/gs).length).toBe(state.uncertain.length);
      }
      expect(rowCount).toBeGreaterThan(250);
    },
    LIMIT_MS,
  );

  it.each(COORDINATES)('in the list of all policies at %j', async (coordinate) => {
    const { items } = await answer<List<State>>(`/policies${query(coordinate, 'limit=100')}`);
    const rows = rowsOfTables(await page(`/policies${query(coordinate)}`), 'board');
    expect(
      sorted(
        rows.map((cells) => [textIn(cells, 0), textUnder(cells, 'Status'), textUnder(cells, 'Events')].join(' | ')),
      ),
    ).toEqual(
      sorted(
        items.map(({ title, state, eventCount }) =>
          [title, state.status === undefined ? 'no status' : shown(state.status), eventCount].join(' | '),
        ),
      ),
    );
  });

  it.each([
    ['/diff', 'from=2025-07-08&to=2025-07-10'],
    ['/diff', 'from=2024-03-01&to=2024-04-10'],
    ['/diff', 'from.recordedAt=@300&to.recordedAt=@343'],
    ['/policies/harbour-toll/diff', 'from=2024-01-15&to=2024-10-10'],
    ['/policies/made-policy-3/diff', 'from=2022-06-01&to=2025-12-31'],
  ])('in the comparison %s?%s', async (path, sides) => {
    const { changes } = await answer<{ readonly changes: readonly Change[] }>(`${path}?${sides}`);
    const rows = rowsOfTables(await page(`${path}?${sides}`), 'rows');
    const isOfAll = path === '/diff';
    const expected = changes.map(({ policy, field, before, after }) =>
      [
        `${nameOf(field)}${isOfAll ? (titles.get(policy) ?? policy) : ''}`,
        before === null ? 'nothing' : shown(before),
        after === null ? 'nothing' : shown(after),
      ].join(' | '),
    );
    expect(expected.length).toBeGreaterThan(0);
    expect(sorted(rows.map((cells) => [0, 1, 2].map((column) => textIn(cells, column)).join(' | ')))).toEqual(
      sorted(expected),
    );
  });

  it.each([
    ...COORDINATES.map((coordinate) => [
      coordinate,
      'policy=rwanda-scheme,small-boat-crossings,uk-france-one-in-one-out',
    ]),
    ['knownAt=2024-10-10', 'policy=made-policy-11'],
    ['knownAt=2024-10-10', ''],
    ['', 'policy=made-policy-7'],
  ])('in the figures at %j of %j', async (coordinate, filter) => {
    const { items } = await answer<List<FigureRow>>(`/figures${query(coordinate, filter, 'limit=1000')}`);
    expect(items.length).toBeGreaterThan(0);
    const rows = rowsOfTables(await page(`/figures${query(coordinate, filter)}`), 'rows');
    expect(sorted(rows.map((cells) => [cells[0]?.events[0], textIn(cells, 0), textIn(cells, 2)].join(' | ')))).toEqual(
      sorted(
        items.map((row) =>
          [
            row.event,
            row.value === null ? `no number given, in ${row.unit.replaceAll('-', ' ')}` : shown(row),
            `${row.claimedBy.join(', ')}, ${row.epistemic}`,
          ].join(' | '),
        ),
      ),
    );
  });

  it.each([
    ...COORDINATES.map((coordinate) => [coordinate, '']),
    ['', 'policy=made-policy-7'],
    ['knownAt=2024-10-10', 'policy=made-policy-11'],
  ])('in the positions at %j of %j', async (coordinate, filter) => {
    const { items } = await answer<List<PositionRow>>(`/positions${query(coordinate, filter, 'all=true')}`);
    expect(items.length).toBeGreaterThan(0);
    const rows = rowsOfTables(await page(`/positions${query(coordinate, filter)}`), 'rows');
    const steps = rows.flatMap(([actor, taken]) =>
      partsOf(taken?.html ?? '', /<li>(.*?)<\/li>/gs).map((step) => `${nameIn(actor)}: ${stepIn(step)}`),
    );
    expect(sorted(steps)).toEqual(sorted(items.map(({ event, actor, stance }) => `${actor}: ${stance} by ${event}`)));
  });
});

const nameIn = (actor: SeenCell | undefined): string => textOf(actor?.html.replace(/<span class="aside".*/s, '') ?? '');

/** A step as a reader sees it: the stance in a word, and the event that the day leads to. */
function stepIn(html: string): string {
  const [word = ''] = partsOf(html, /<span class="stance">(.*?)<\/span> <a/gs).map(textOf);
  const stance = word.replace(/^\S+ /, '').replace('gave no answer', 'noncommittal');
  return `${stance} by ${partsOf(html, /href="\/events\/([^"?]+)/g)[0]}`;
}

const textUnder = (cells: readonly SeenCell[], title: string): string =>
  cells.find((cell) => cell.title === title)?.text ?? '';

const textIn = (cells: readonly SeenCell[], column: number): string => cells[column]?.text ?? '';

const rowOfState = (cells: readonly SeenCell[]): string =>
  [textIn(cells, 0), textIn(cells, 1), cells[3]?.summary].join(' | ');
