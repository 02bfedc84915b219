import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { List, PolicyState } from '../../http/answers.js';
import { read } from '../../http/ask.js';
import { checkableAnswer } from '../../http/audit/checkable.js';
import { countOf } from '../../words/words.js';
import { askOverHttp } from '../browser.js';
import { type Trust, type TrustLevel, announceTrust, hearTrust } from './trust.js';

/** The levels by their numbers; the first checks nothing. */
const LEVEL_NAMES: readonly (TrustLevel | undefined)[] = [undefined, 'signature', 'event', 'answer', 'growth'];

/** What came of a level of checking in this browser; empty where scripts do not run. */
export function LevelOutcome({ level }: { readonly level: number }): VNode {
  const [trust, setTrust] = useState<Trust>();
  useEffect(() => hearTrust(setTrust), []);
  const name = LEVEL_NAMES[level];
  return (
    <div id={`audit-level-${level}`} class="level-result">
      {trust === undefined || name === undefined ? null : <Outcome trust={trust} name={name} />}
    </div>
  );
}

function Outcome({ trust, name }: { readonly trust: Trust; readonly name: TrustLevel }): VNode {
  if (trust.verdict === 'not-checked') return <p class="level-not-run">Not checked. {trust.because}</p>;
  if (trust.verdict === 'wrong') return <p class="finding">Wrong at this or another level. {trust.fault.message}</p>;
  const result = trust.results[name];
  if (name === 'answer') return <AllAnswers />;
  if (result === undefined) return <p class="level-not-run">Not checked here.</p>;
  return result.outcome === 'checked' ? (
    <p class="level-checked">Checked in this browser. {result.words}</p>
  ) : (
    <p class="level-not-run">Not checked. {result.words}</p>
  );
}

interface Progress {
  readonly total: number;
  readonly checked: number;
  readonly open: number;
}

/** As many policies as the interface gives at once. */
const MOST_POLICIES = 1_000;

/** Folds the answer about every policy again when the reader asks for it. */
function AllAnswers(): VNode {
  const [progress, setProgress] = useState<Progress>();
  const [trouble, setTrouble] = useState<string>();
  const run = async (): Promise<void> => {
    setTrouble(undefined);
    const list = await read<List<PolicyState>>(askOverHttp, `/v1/policies?limit=${MOST_POLICIES}`);
    if (!list.ok) return setTrouble(list.problem.detail);
    const answers = list.body.items.map(checkableAnswer);
    const total = answers.length;
    setProgress({ total, checked: 0, open: 0 });
    const { checkAnswers } = await import('./trust-check.js');
    const found = await checkAnswers(answers, (now) => setProgress({ total, ...now }));
    if (found !== undefined) announceTrust(found);
  };
  return (
    <div aria-live="polite">
      {progress === undefined ? (
        <p class="level-not-run">
          Not checked here: the page of a policy checks its own answer.{' '}
          <button type="button" onClick={() => void run()}>
            Check the answers about all policies
          </button>
        </p>
      ) : (
        <p class={progress.checked === progress.total ? 'level-checked' : 'level-not-run'}>
          {progressInWords(progress)}
        </p>
      )}
      {trouble === undefined ? null : <p class="notice">{trouble}</p>}
    </div>
  );
}

const progressInWords = ({ total, checked, open }: Progress): string =>
  `Checked in this browser: ${checked} of ${countOf(total, 'answer')} ${checked === 1 ? 'follows' : 'follow'} from the entries.${
    open === 0 ? '' : ` ${countOf(open, 'proof')} could not be had.`
  }`;
