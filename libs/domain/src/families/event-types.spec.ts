import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type EventType, eventTypes } from './event-types.js';
import { commonFields } from '../schema/fields.js';
import { parseEventBody } from '../bodies/parse.js';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

const ownFieldsOf = ({ fields }: EventType): readonly string[] =>
  Object.keys(fields).filter((field) => field !== 'type' && !(field in commonFields));

describe('the registry of event types', () => {
  const types = [...eventTypes.values()];

  it.each(types)('$name is listed in the README as it is defined', (type) => {
    const own = ownFieldsOf(type).map((field) => `\`${field}\``);
    expect(readme).toContain(`| \`${type.name}\` | ${type.defaultStatus ?? ''} | ${own.join(', ')} | ${type.says} |\n`);
  });

  it.each(types)('the example of $name is a body that is accepted', ({ name, example }) => {
    expect(parseEventBody(example, 'Europe/London')).toMatchObject({ ok: true, body: { type: name } });
  });

  it('has an example that shows each field under the name that it has today', () => {
    const shown = new Set(types.flatMap(({ example }) => Object.keys(example)));
    const fields = new Set(types.flatMap((type) => Object.keys(type.fields)));
    expect([...fields].filter((field) => !shown.has(field))).toEqual(['embargoed']);
  });

  it('has examples with keys of their own', () => {
    const keys = types.map(({ example }) => example.key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('names types by family and past event', () => {
    for (const { name, family } of types) expect(name).toMatch(new RegExp(`^${family}\\.[a-z]+(-[a-z]+)*$`));
  });
});
