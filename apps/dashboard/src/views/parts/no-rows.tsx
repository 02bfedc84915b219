import type { VNode } from 'preact';
import type { Dropped, List } from '../../http/answers.js';
import type { Frame } from '../../pages/page.js';
import { countOf, inWords } from '../../words/words.js';

interface NoRowsProps {
  readonly list: Pick<List<unknown>, 'dropped' | 'near'>;
  /** What the list lists, in the singular. */
  readonly thing: string;
  /** What stands where nothing narrows the list down; that none was known unless told. */
  readonly otherwise?: string;
  readonly frame: Frame;
}

/** What stands in place of an empty list: that nothing was known, or which filters leave nothing. */
export function NoRows({ list: { dropped, near = [] }, thing, otherwise, frame }: NoRowsProps): VNode {
  if (dropped === undefined) return <p class="empty">{otherwise ?? `No ${thing} was known at this point.`}</p>;
  const named = NAMES.find((name) => frame.address.parameters.has(name));
  return (
    <div class="empty">
      <p>No {thing} fits that was known at this point.</p>
      <WithoutEach
        dropped={dropped}
        thing={thing}
        words={(name, value) => `${inWords(name)} “${value}”`}
        frame={frame}
      />
      {named === undefined ? null : <NearNames near={near} name={named} frame={frame} />}
    </div>
  );
}

/** Filters by the name of somebody or something, to which an empty list may have names that are like the one given. */
const NAMES = ['actor', 'by', 'counterparty', 'publisher', 'measure'] as const;

interface WithoutEachProps {
  readonly dropped: readonly Dropped[];
  readonly thing: string;
  /** A filter and its value in words. */
  readonly words: (name: string, value: string) => string;
  readonly frame: Frame;
}

/** Which filters can be taken out of an address, and how much there is without each. */
export function WithoutEach({ dropped, thing, words, frame }: WithoutEachProps): VNode | null {
  if (dropped.length === 0) return null;
  return (
    <ul>
      {dropped.map(({ name, count, isMore }) => (
        <li>
          <a href={frame.linkWith({ [name]: undefined, cursor: undefined })}>
            Without {words(name, frame.address.parameters.get(name) ?? '')}
          </a>
          : {isMore ? `more than ${countOf(count, thing)}` : countOf(count, thing)}
        </li>
      ))}
    </ul>
  );
}

interface NearNamesProps {
  readonly near: readonly string[];
  /** The filter that has a name like these. */
  readonly name: string;
  readonly frame: Frame;
}

/** Names that are like one that nothing has. */
export function NearNames({ near, name, frame }: NearNamesProps): VNode | null {
  if (near.length === 0) return null;
  return (
    <p>
      No {inWords(name === 'by' ? 'claimant' : name)} has that name. Did you mean{' '}
      {near.map((each, index) => (
        <>
          {index === 0 ? '' : ', '}
          <a href={frame.linkWith({ [name]: each, cursor: undefined })}>{each}</a>
        </>
      ))}
      ?
    </p>
  );
}
