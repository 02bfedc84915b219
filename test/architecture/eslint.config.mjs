import { fileURLToPath } from 'node:url';
import { configs, parser } from 'typescript-eslint';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tests = ['**/*.spec.{ts,tsx}', 'test/**/*.ts', '**/contract/**/*.ts'];

// What is read from JSON, numbers or text gets its type here; nowhere else is a type asserted.
const parsers = [
  'libs/domain/src/{values/time,bodies/parse,bodies/input-form,bodies/stored-form,bodies/stored-body,bodies/registration,graph/corrections}.ts',
  'libs/event-log/src/positions.ts',
];

const forbiddenSyntax = [
  { selector: 'TSEnumDeclaration', message: 'Use a union of literals.' },
  { selector: 'ExportAllDeclaration', message: 'Name what is exported.' },
  { selector: 'ExportDefaultDeclaration', message: 'Export by name.' },
];

// What a process opens it opens by libs/composition; so no app can forget a part of it, or the order of closing.
const opened = {
  '#postgres': ['openPool'],
  '#event-log': ['createPostgresEventLog', 'migrateEventLog'],
  '#kurrentdb-log': ['createKurrentEventLog', 'migrateLog', 'openConfiguredLog', 'openEventStore', 'startSequencing'],
  '#recording': ['Recorder', 'createRecording'],
  '#audit': ['openAudit'],
  '#runtime': ['Closing', 'prepareDatabase', 'startEmbeddedPostgres'],
};

/** How the code reads: types are told apart, functions fit on a screen, nothing is asserted that can be proven. */
export default [
  { ignores: ['dist/', 'node_modules/', '.data/', 'coverage/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...configs.recommendedTypeChecked.map((config) => ({ ...config, files: ['**/*.{ts,tsx}'] })),
  {
    files: ['**/*.{ts,tsx}'],
    languageOptions: { parser, parserOptions: { projectService: true, tsconfigRootDir: root } },
    rules: {
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': ['error', ...forbiddenSyntax],
      'no-console': 'error',
      eqeqeq: 'error',
      'prefer-const': 'error',
      '@typescript-eslint/max-params': ['error', { max: 3 }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Ports and handlers promise a promise, whether or not an implementation has anything to wait for.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
    },
  },
  { files: parsers, rules: { '@typescript-eslint/consistent-type-assertions': 'off' } },
  // JSON.parse answers any: what it is read into says its type.
  {
    files: ['**/*.{ts,tsx}'],
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off', '@typescript-eslint/no-unsafe-return': 'off' },
  },
  {
    files: tests,
    rules: {
      'max-lines-per-function': 'off',
      'max-lines': 'off',
      '@typescript-eslint/max-params': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/consistent-type-assertions': 'off',
    },
  },
  {
    files: ['test/e2e/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'fetch', message: 'Use checkedFetch: it compares the answer with /openapi.json.' },
      ],
    },
  },
  {
    files: ['apps/**/*.{ts,tsx}'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: Object.entries(opened).map(([name, importNames]) => ({
            name,
            importNames,
            message: 'What a process works with is opened by #composition.',
          })),
        },
      ],
    },
  },
  {
    files: ['**/*.mjs'],
    rules: {
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      eqeqeq: 'error',
      'prefer-const': 'error',
      'no-undef': 'off',
      'no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
];
