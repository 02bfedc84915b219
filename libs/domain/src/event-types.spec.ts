import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { eventTypes } from './event-types.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

describe('the registry of event types', () => {
  it.each([...eventTypes.values()])('$name is listed with its default status', ({ name, defaultStatus }) => {
    expect(readme).toContain(`| \`${name}\` | ${defaultStatus ?? ''} |`);
  });

  it('names types by family and past event', () => {
    for (const { name, family } of eventTypes.values())
      expect(name).toMatch(new RegExp(`^${family}\\.[a-z]+(-[a-z]+)*$`));
  });
});
