/** What a reader hears, in this order, on the way to an answer. */
interface Walk {
  readonly name: string;
  readonly path: string;
  readonly hears: readonly RegExp[];
}

/** The ways of six readers through the tree that assistive technology is given. */
export const WALKS: readonly Walk[] = [
  {
    name: 'what held on a day, and says who',
    path: '/policies/harbour-toll?knownAt=2024-07-15',
    hears: [
      /link "Skip to the content"/,
      /navigation "Views"/,
      /region "Time"/,
      /What was known on/,
      /textbox "15 July 2024 Known on"/,
      /slider/,
      /main/,
      /heading "Harbour toll" \[level=1\]/,
      /heading "What holds" \[level=2\]/,
      /rowheader "status"/,
      /heading "Newest events" \[level=2\]/,
      /contentinfo/,
      /button "Share, cite, download"/,
    ],
  },
  {
    name: 'what changed between two days, and why',
    path: '/policies/harbour-toll/diff?from=2024-01-15&to=2024-10-10',
    hears: [
      /heading "Compare: Harbour toll" \[level=1\]/,
      /group "From"/,
      /group "To"/,
      /button "Compare"/,
      /From what was known on/,
      /To what was known on/,
      /\d+ changes/,
      /columnheader "Before"/,
      /columnheader "Because of"/,
      /deletion/,
      /insertion/,
    ],
  },
  {
    name: 'one event, its times and sources, and where its proof is',
    path: '/events/toll-announced',
    hears: [
      /heading .* \[level=1\]/,
      /term: Happened/,
      /term: Public since/,
      /term: Recorded/,
      /heading "What it says" \[level=2\]/,
      /heading "Who says so" \[level=2\]/,
      /heading "Check it" \[level=2\]/,
      /link ".*[Pp]roof/,
    ],
  },
  {
    name: 'a search, with its filters and what it found',
    path: '/events?q=toll',
    hears: [/heading .* \[level=1\]/, /searchbox "Words": toll/, /combobox "In order of"/, /button "Search"/, /mark/],
  },
  {
    name: 'a form, from the source to what it would change',
    path: '/record?type=figure.reported',
    hears: [
      /heading "Record: figure reported" \[level=1\]/,
      /combobox "Policy/,
      /textbox "Publisher/,
      /textbox "Summary/,
      /button "Record for ever"/,
    ],
  },
  {
    name: 'what was checked of the log, level by level',
    path: '/audit',
    hears: [
      /link "(?:not )?checked/,
      /heading "Audit" \[level=1\]/,
      /heading "The latest checkpoint" \[level=2\]/,
      /heading "What can be checked, and what stays open" \[level=2\]/,
      /Leaves open/,
      /heading "Downloads" \[level=2\]/,
      /link "The whole log"/,
    ],
  },
];
