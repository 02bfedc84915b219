/**
 * The words of every finding: what can be wrong with the log, with what was kept when it was signed, or with a copy of
 * it, by reason. Exports, the signer and the self-check use the same words.
 *
 * A finding's detail is put in place of the `…`, or after the sentence where it has none.
 */
const WORDS = {
  'not-lines': 'The file cannot be read as lines from here on.',
  'header-unreadable': 'The header of the file cannot be read.',
  'key-differs': 'The file names another key than the one that was given.',
  'leaves-unreadable': 'A line of leaf hashes belongs here, and cannot be read.',
  'tile-missing': 'The leaf hashes of the positions from … are missing.',
  'entry-missing': 'The entry is missing.',
  'entry-outside': 'The entry is outside the log.',
  'leaf-differs': 'The entry does not hash to its leaf: it was changed.',
  'not-an-entry': 'The text is not an entry of the log.',
  'columns-differ': 'Its text and the columns beside it differ in …: one of them was changed.',
  'revision-differs': 'The entry is not the next one of its stream.',
  'previous-differs': 'The entry does not name the previous entry of its stream.',
  'time-decreases': 'The entry was recorded at …: times must not decrease.',
  'key-repeated': 'The key "…" is that of an earlier entry.',
  'too-many-streams': 'Logs of at most … streams can be checked.',
  'text-differs': 'A text beside the entry is not the one that the entry commits to:',
  'text-missing': 'A text that the entry commits to is missing:',
  'text-outside': 'There is a text beside the entry that the entry does not commit to:',
  'checkpoint-unreadable': 'The checkpoint is not one that the key has signed.',
  'checkpoint-missing': 'The checkpoint is missing.',
  'text-after-checkpoint': 'The file continues after its checkpoint.',
  'origin-differs': 'The checkpoint is of another log.',
  'size-differs': 'The checkpoint is over another number of entries.',
  'root-differs': 'The entries have another root than the checkpoint over them.',
  'heads-differ': 'The streams do not end where the checkpoint says.',
  'stored-heads-differ': 'The stored end of the stream "…" is not where it ends.',
  'rollbacks-differ': 'The checkpoint and the entries disagree about accepted rollbacks.',
  'earlier-checkpoint-unreadable': 'The earlier checkpoint cannot be used.',
  'earlier-checkpoint-beyond': 'The file ends before the checkpoint that was given: it was cut, or is the older one.',
  'earlier-root-differs': 'The first … entries are not those of the checkpoint that was given: the log was rewritten.',
  'anchor-differs': 'The log has another root than the newest checkpoint kept beside the key.',
  'rolled-back': 'The log ends before the newest checkpoint kept beside the key.',
} as const;

/** The reason why something is not as it was signed. */
export type FindingReason = keyof typeof WORDS;

/** Something that is not as it was signed, and where. */
export interface LogFinding {
  /** The bad position; null where the fault is in no single entry. */
  readonly position: number | null;
  readonly reason: FindingReason;
  /** A sentence or two. */
  readonly message: string;
}

/** Makes a finding, in the words of its reason and with a detail where there is one. */
export function findingAt(position: number | null, reason: FindingReason, detail = ''): LogFinding {
  const words: string = WORDS[reason];
  const message = words.includes('…') ? words.replace('…', () => detail) : `${words} ${detail}`.trimEnd();
  return { position, reason, message };
}
