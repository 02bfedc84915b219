import type { VNode } from 'preact';
import { type Address, type Changes, linkFrom, linkWith } from '../http/address.js';
import type { About, Coordinate } from '../http/answers.js';
import { type Ask, type Problem, type Read, read } from '../http/ask.js';
import type { Checkable } from '../http/audit/checkable.js';
import type { HiddenByTimes } from '../http/events/hidden-events.js';
import { type DateWords, dateWords } from '../words/dates.js';
import type { ComparedCoordinates } from '../words/share/sentences.js';

/** What every page is told besides its own data. */
export interface Frame {
  readonly about: About;
  readonly address: Address;
  /** Scheme and host under which the reader sees the page. */
  readonly origin: string;
  readonly dates: DateWords;
  /** A link to a page, at the coordinate of this one. */
  link(path: string, parameters?: Changes): string;
  /** A link to this page with some parameters changed. */
  linkWith(changes: Changes): string;
}

/** What a page shows: its title, the coordinate at which its data hold, and the data. */
export interface Loaded<Data> {
  readonly title: string;
  /** The coordinate that the answers resolved to; absent on pages about no coordinate, as the help is. */
  readonly coordinate?: Coordinate;
  /** The two coordinates that a page compares, instead of one. */
  readonly compared?: ComparedCoordinates;
  /** The address of what is shown, pinned on all three times, below `/v1`. */
  readonly permalink?: string;
  readonly lagMs?: number;
  /** What the times of its address hide; absent where it names none. */
  readonly hidden?: HiddenByTimes | undefined;
  /** The data are what would be without some events: nothing on record says so. */
  readonly isHypothetical?: true;
  readonly data: Data;
}

/** A page: the addresses that it answers, the answers that it needs, and how it shows them. */
export interface PageDefinition<Data> {
  /** Also names its script: `src/client/pages/NAME.ts`. */
  readonly name: string;
  /** The paths that it answers; named groups are parts of the path. */
  readonly path: RegExp;
  load(address: Address, ask: Ask): Promise<Read<Loaded<Data>>>;
  view(data: Data, frame: Frame): VNode;
  /** Addresses that its script asks for as soon as it runs, which the browser may begin to fetch before. */
  ahead?(data: Data, address: Address): readonly string[];
  /** What of it the reader's browser can check against the log. */
  check?(data: Data): Checkable;
  /** The form by which a reader mends an address that was refused, where the time bar is not enough. */
  mend?(frame: Frame, problem: Problem): VNode;
}

/** A page with its data, ready to be rendered; the type of the data does not leave it. */
export interface OpenPage {
  readonly name: string;
  readonly title: string;
  readonly coordinate: Coordinate | undefined;
  readonly compared: ComparedCoordinates | undefined;
  readonly permalink: string | undefined;
  readonly lagMs: number;
  readonly hidden: HiddenByTimes | undefined;
  /** It shows what would be without some events: it can neither be checked nor cited. */
  readonly isHypothetical: boolean;
  readonly check: Checkable;
  /** What the page was loaded with, as JSON: the browser renders the same from it. */
  readonly text: string;
  content(frame: Frame): VNode;
  /** Addresses that its script asks for as soon as it runs. */
  ahead(address: Address): readonly string[];
}

/** A page whose type of data is known only to itself. */
export interface Page {
  readonly name: string;
  readonly path: RegExp;
  load(address: Address, ask: Ask): Promise<Read<OpenPage>>;
  /** Opens the page from the text that it was loaded with before. */
  reopen(text: string): OpenPage;
  /** What an address that was refused can be mended with; nothing where the time bar is enough. */
  mend(frame: Frame, problem: Problem): VNode | undefined;
}

/** Makes a page from its definition. */
export function definePage<Data>(definition: PageDefinition<Data>): Page {
  const { name, path } = definition;
  const open = (loaded: Loaded<Data>): OpenPage => ({
    name,
    title: loaded.title,
    coordinate: loaded.coordinate,
    compared: loaded.compared,
    permalink: loaded.permalink,
    lagMs: loaded.lagMs ?? 0,
    hidden: loaded.hidden,
    isHypothetical: loaded.isHypothetical === true,
    check: (loaded.isHypothetical ? undefined : definition.check?.(loaded.data)) ?? {},
    text: JSON.stringify(loaded),
    content: (frame) => definition.view(loaded.data, frame),
    ahead: (address) => definition.ahead?.(loaded.data, address) ?? [],
  });
  return {
    name,
    path,
    load: async (address, ask) => {
      const loaded = await definition.load(address, ask);
      return loaded.ok ? { ok: true, body: open(loaded.body) } : loaded;
    },
    reopen: (text) => {
      const loaded: Loaded<Data> = JSON.parse(text);
      return open(loaded);
    },
    mend: (frame, problem) => definition.mend?.(frame, problem),
  };
}

/** Makes the frame of a page. */
export const frameOf = (about: About, address: Address, origin: string): Frame => ({
  about,
  address,
  origin,
  dates: dateWords(about.timeZone),
  link: (path, parameters) => linkFrom(address, path, parameters),
  linkWith: (changes) => linkWith(address, changes),
});

/** Reads what the service says about itself. */
export const readAbout = (ask: Ask): Promise<Read<About>> => read<About>(ask, '/v1/about');
