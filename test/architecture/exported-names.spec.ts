import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, it } from '@jest/globals';
import ts from 'typescript';

const root = join(import.meta.dirname, '../..');

/** A name that a module declares and exports itself; re-exports are not counted. */
interface ExportedName {
  readonly name: string;
  readonly file: string;
  readonly isFunction: boolean;
}

function sourceFiles(): readonly string[] {
  return ['apps', 'libs', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && /(?<!\.spec|\.d)\.(?:tsx?|mjs)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
}

function exportedNamesOf(path: string): readonly ExportedName[] {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest);
  const file = relative(root, path);
  return source.statements
    .filter((statement) => ts.canHaveModifiers(statement) && isExported(ts.getModifiers(statement)))
    .flatMap((statement) => declaredIn(statement).map((declared) => ({ ...declared, file })));
}

const isExported = (modifiers: readonly ts.Modifier[] | undefined): boolean =>
  modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;

function declaredIn(statement: ts.Statement): readonly Omit<ExportedName, 'file'>[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name, initializer }) =>
      namesIn(name).map((each) => ({ name: each, isFunction: !!initializer && ts.isArrowFunction(initializer) })),
    );
  const name = 'name' in statement ? statement.name : undefined;
  return isIdentifier(name) ? [{ name: name.text, isFunction: ts.isFunctionDeclaration(statement) }] : [];
}

const namesIn = (name: ts.BindingName): readonly string[] =>
  ts.isIdentifier(name)
    ? [name.text]
    : name.elements.flatMap((element) => (ts.isBindingElement(element) ? namesIn(element.name) : []));

const isIdentifier = (name: unknown): name is ts.Identifier =>
  typeof name === 'object' && name !== null && 'kind' in name && name.kind === ts.SyntaxKind.Identifier;

const exported = sourceFiles().flatMap(exportedNamesOf);

/** The page knows the rest by its answers over HTTP alone, so it has words of its own for what stands in them. */
const isOfPage = ({ file }: { readonly file: string }): boolean => file.startsWith('apps/dashboard/');

it.each([
  ['page', exported.filter(isOfPage), 20],
  ['rest', exported.filter((each) => !isOfPage(each)), 500],
])('exports each name from one file only: %s', (_, names, least) => {
  const files = new Map<string, Set<string>>();
  for (const { name, file } of names) files.set(name, (files.get(name) ?? new Set()).add(file));
  const repeated = [...files].filter(([, found]) => found.size > 1);
  expect(files.size).toBeGreaterThan(least);
  expect(Object.fromEntries(repeated.map(([name, found]) => [name, [...found]]))).toEqual({});
});

/** Participles of irregular verbs by which functions were once named. */
const IRREGULAR = [
  'told',
  'shown',
  'grown',
  'drawn',
  'taken',
  'given',
  'written',
  'kept',
  'left',
  'seen',
  'said',
  'sent',
];

const PREPOSITIONS = ['as', 'at', 'between', 'by', 'from', 'in', 'of', 'to', 'with'];

/** Nouns that end like participles, and the words of given/when/then. */
const EXCEPTIONS = [
  'actingAfter',
  'actingAmong',
  'datingOf',
  'findingAt',
  'given',
  'proposedOf',
  'recordedAs',
  'standingOf',
];

// A participle before a noun describes the value that is returned (`storedVersion`); alone or before a preposition it
// stands where a verb should (`parked`, `shownAs`).
it('names no exported function by a participle alone', () => {
  const participles = exported
    .filter(({ isFunction, name }) => isFunction && isParticipleAlone(name) && !EXCEPTIONS.includes(name))
    .map(({ name, file }) => `${name} (${file})`);
  expect(participles).toEqual([]);
});

function isParticipleAlone(name: string): boolean {
  const [first = '', second] = name.split(/(?=[A-Z])/).map((word) => word.toLowerCase());
  const isParticiple = /(?:ed|ing)$/.test(first) || IRREGULAR.includes(first);
  return isParticiple && (second === undefined || PREPOSITIONS.includes(second));
}
