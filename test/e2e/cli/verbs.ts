/** What each command answers: with rows, without any, and to what nobody can answer. */
export interface Verb {
  readonly good: string;
  /** The exit code of the good question; 0 unless said. */
  readonly code?: number;
  /** A question with no rows. */
  readonly empty?: string;
  /** What comes on standard input: to the good question, to the empty one. */
  readonly input?: readonly [string, string];
  /** What is told beside the data; the permalink of the answer unless said. */
  readonly said?: RegExp;
  readonly bad: readonly (readonly [string, number, RegExp])[];
}

const UNKNOWN_POINT = [/No event in force has the key "nope"/, 3] as const;

/** A question of each kind for each command; `FILE.…` is a file in the folder of the test. */
export const verbs: readonly Verb[] = [
  {
    good: 'policies',
    empty: 'policies --status scrapped',
    bad: [['policies --status scraped', 2, /Did you mean scrapped/]],
  },
  {
    good: 'as-of harbour-toll 2024-07-15 --explain',
    empty: 'as-of harbour-toll 2020-01-01',
    bad: [
      ['as-of nowhere', 3, /No policy has the slug or alias "nowhere"/],
      ['as-of harbour-toll 2024-02-30', 2, /February 2024 has 29 days/],
      ['as-of harbour-toll nope', UNKNOWN_POINT[1], UNKNOWN_POINT[0]],
      ['as-of harbour-toll @99999', 2, /the last position in the log is/],
      ['as-of harbour-toll 2024-01-01..2024-02-01', 2, /is a range, and one point is needed/],
      ['as-of harbour-toll --known @4', 2, /which only --recorded takes/],
      ['as-of', 2, /missing required argument 'policy'/],
    ],
  },
  {
    good: 'timeline harbour-toll 2024-07-15',
    empty: 'timeline harbour-toll --type policy.revived',
    bad: [
      ['timeline nowhere', 3, /No policy/],
      ['timeline harbour-toll --type policy.revive', 2, /Did you mean policy.revived/],
    ],
  },
  { good: 'timeline harbour-toll --oneline', empty: 'timeline harbour-toll --oneline -q zeppelin', bad: [] },
  {
    good: 'diff harbour-toll toll-commenced^..toll-commenced',
    code: 1,
    empty: 'diff harbour-toll 2020-01-01..2020-01-02',
    bad: [
      ['diff nowhere 2024-01-01..now', 3, /No policy/],
      ['diff harbour-toll', 2, /The from side has no time/],
      ['diff harbour-toll ..2024-01-01', 2, /is not a range/],
      ['diff 2024-01-01..now', 2, /Name the policy/],
      ['diff harbour-toll 2024-01-01..now --stat --patch', 2, /cannot be used with/],
    ],
  },
  { good: 'diff --all 2024-01-01..now --stat', code: 1, empty: 'diff --all 2020-01-01..2020-01-02 --stat', bad: [] },
  {
    good: 'diff --alone toll-announced --name-only',
    code: 1,
    empty: 'diff --alone toll-announced --known 2020-01-01 --valid 2020-01-01 --name-only',
    bad: [['diff --alone nope', 3, UNKNOWN_POINT[0]]],
  },
  {
    good: 'diff harbour-toll --known 2024-11-30..2024-12-31 --valid 2024-05-01 --patch',
    code: 1,
    empty: 'diff harbour-toll @9..@9 --patch',
    bad: [],
  },
  {
    good: 'blame harbour-toll terms --at 2024-07-15',
    empty: 'blame harbour-toll --at 2020-01-01',
    bad: [['blame harbour-toll colour', 3, /has no field "colour" at this point. It has status/]],
  },
  {
    good: 'history harbour-toll status',
    empty: 'history harbour-toll colour',
    bad: [['history nowhere status', 3, /No policy/]],
  },
  {
    good: 'history harbour-toll status --axis known',
    empty: 'history harbour-toll colour --axis known',
    bad: [
      ['history nowhere status --axis known', 3, /No policy/],
      ['history harbour-toll status --axis sideways', 2, /Allowed choices are known, valid, recorded/],
    ],
  },
  { good: 'facts --policy harbour-toll', empty: 'facts --field colour', bad: [['facts nope', 3, UNKNOWN_POINT[0]]] },
  { good: 'figures', empty: 'figures --measure none', bad: [['figures --colour', 2, /unknown option/]] },
  { good: 'positions --every', empty: 'positions 2020-01-01', bad: [['positions 2020', 2, /add the day/]] },
  { good: 'negotiations', empty: 'negotiations 2020-01-01', bad: [['negotiations a b', 2, /too many arguments/]] },
  { good: 'claims', empty: 'claims 2020-01-01', bad: [['claims --policy nowhere', 3, /No policy/]] },
  { good: 'sources', empty: 'sources --publisher Nobody', bad: [['sources @0x', 2, /is not a point in time/]] },
  { good: 'actors', empty: 'actors --actor Nobody', bad: [['actors --known', 2, /argument missing/]] },
  { good: 'promises --kind plan,target', empty: 'promises 2020-01-01', bad: [['promises --state kept', 2, /state/]] },
  { good: 'turns --policy harbour-toll', empty: 'turns 2020-01-01', bad: [['turns --kind u-turn', 2, /kind/]] },
  {
    good: 'impact toll-announced --depth 2',
    bad: [
      ['impact', 2, /Name one thing/],
      ['impact toll-announced --actor Ada', 2, /Name one thing/],
      ['impact nothing-of-the-sort', 3, /nothing-of-the-sort/],
    ],
  },
  { good: 'anomalies', empty: 'anomalies 2020-01-01', bad: [['anomalies --json --csv', 2, /cannot be used with/]] },
  {
    good: 'tail --no-follow --after 3 --type policy.announced',
    said: /^$/,
    bad: [['tail --no-follow --after x', 2, /Last-Event-ID must be the `id` of an event/]],
  },
  {
    good: 'import - --dry-run',
    code: 4,
    empty: 'import - --dry-run',
    input: ['{ broken\n', ''],
    said: /^/,
    bad: [['import FILE.nothing', 3, /There is no file/]],
  },
  {
    good: 'cite harbour-toll 2024-07-15 --recorded @12',
    said: /^/,
    bad: [['cite nowhere', 3, /No policy/]],
  },
  {
    good: 'cite verify FILE.answer.json',
    said: /^/,
    bad: [['cite verify FILE.key', 2, /neither a citation nor an answer/]],
  },
  { good: 'projections list', said: /^$/, bad: [['projections list a', 2, /too many arguments/]] },
  { good: 'doctor', said: /^$/, bad: [['doctor --nothing', 2, /unknown option/]] },
  {
    good: 'verify FILE.export.ndjson',

    said: /^$/,
    bad: [
      ['verify FILE.nothing', 3, /There is no file/],
      ['verify FILE.checkpoint', 2, /--key VKEY/],
    ],
  },
  { good: 'verify FILE.cut.ndjson', code: 1, said: /^$/, bad: [] },
];
