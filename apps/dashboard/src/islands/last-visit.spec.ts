import { expect, it } from '@jest/globals';
import { type Keeping, noteVisit } from './last-visit.js';

function keep(): Keeping {
  const kept = new Map<string, string>();
  return { getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => void kept.set(name, value) };
}

it('tells nothing at the first visit, and in a later tab from where the last one left off', () => {
  const browser = keep();
  expect(noteVisit(40, browser, keep())).toBeUndefined();
  expect(noteVisit(44, browser, keep())).toBe(40);
  expect(noteVisit(44, browser, keep())).toBeUndefined();
});

it('tells the same when the page is opened again in a tab', () => {
  const [browser, tab] = [keep(), keep()];
  noteVisit(40, browser, keep());
  expect(noteVisit(44, browser, tab)).toBe(40);
  expect(noteVisit(46, browser, tab)).toBe(40);
});

it('tells nothing of a log that is shorter than before, or of what it cannot read', () => {
  const browser = keep();
  noteVisit(40, browser, keep());
  expect(noteVisit(3, browser, keep())).toBeUndefined();
  browser.setItem('last-head', 'forty');
  expect(noteVisit(44, browser, keep())).toBeUndefined();
});
