import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { withoutEmpty } from '../../form/body.js';
import type { RecordData } from '../../form/record-data.js';
import { withExactDates } from '../../form/typed-dates.js';
import { type Checked, type Receipt, checkBody, sendBody } from '../../form/sending.js';
import { forgetKept, keep, readKept, sendOverHttp } from '../browser.js';

const CHECK_AFTER_MS = 400;

interface Recording {
  readonly body: unknown;
  readonly setBody: (change: (current: unknown) => unknown) => void;
  readonly checked: Checked | undefined;
  /** True once somebody has asked for a check: then what is missing is a mistake. */
  readonly hasAsked: boolean;
  /** True where a draft took the place of the empty form. */
  readonly isRestored: boolean;
  readonly isSending: boolean;
  readonly receipt: Receipt | undefined;
  readonly idempotencyKey: string;
  readonly send: (event: SubmitEvent) => Promise<void>;
  readonly startAfresh: () => void;
}

interface RecordingOptions {
  readonly draftName: string;
  /** As an ISO date, in the zone of the log. */
  readonly today: string;
}

/** What is filled in, kept as a draft, checked while it is typed, and sent. */
export function useRecording(data: RecordData, { draftName, today }: RecordingOptions): Recording {
  const [body, setBody, isRestored, startAfresh] = useDraft(data, draftName);
  const [hasAsked, setAsked] = useState(data.checked !== undefined);
  const [receipt, setReceipt] = useState<Receipt>();
  const [isSending, setSending] = useState(false);
  const idempotencyKey = useMemo(() => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, []);
  const toSend = (): unknown => withoutEmpty(withExactDates(body, data.fields, today));
  const { checked, check, show } = useChecks(data, body, toSend);
  const send = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setAsked(true);
    if (event.submitter?.getAttribute('name') !== 'record') return show(await check());
    setSending(true);
    const sent = await sendBody(sendOverHttp, toSend(), idempotencyKey);
    setSending(false);
    if (sent.kind === 'rejected') return show(sent);
    forgetKept(draftName);
    setReceipt(sent.receipt);
  };
  const startAgain = (): void => {
    startAfresh();
    setAsked(false);
  };
  return {
    ...{ body, setBody, checked, hasAsked, isRestored, isSending, receipt, idempotencyKey, send },
    startAfresh: startAgain,
  };
}

type Draft = readonly [unknown, (change: (current: unknown) => unknown) => void, boolean, () => void];

/** What is filled in, which this browser keeps until it is recorded. */
function useDraft(data: RecordData, draftName: string): Draft {
  const [body, setBody] = useState<unknown>(data.body);
  const [isRestored, setRestored] = useState(false);
  useEffect(() => {
    // What the server answers to a form that was sent to it is newer than the draft.
    const draft = data.checked === undefined ? readKept(draftName) : undefined;
    if (draft === undefined) return;
    setBody(JSON.parse(draft));
    setRestored(true);
  }, []);
  const change = (next: (current: unknown) => unknown): void =>
    setBody((current: unknown) => {
      const changed = next(current);
      keep(draftName, JSON.stringify(changed));
      return changed;
    });
  const startAfresh = (): void => {
    forgetKept(draftName);
    setRestored(false);
    setBody(data.body);
  };
  return [body, change, isRestored, startAfresh];
}

interface Checks {
  readonly checked: Checked | undefined;
  readonly check: () => Promise<Checked>;
  /** Shows what was found, and takes its reader there. */
  readonly show: (found: Checked) => void;
}

/** What is found of a body: shortly after it was last changed, or when somebody asks. */
function useChecks(data: RecordData, body: unknown, toSend: () => unknown): Checks {
  const [checked, setChecked] = useState<Checked | undefined>(data.checked);
  const newest = useRef(0);
  const focusNext = useRef<string | undefined>(undefined);
  const check = async (): Promise<Checked> => {
    newest.current += 1;
    const turn = newest.current;
    const found = await checkBody(sendOverHttp, toSend());
    // An answer that was overtaken is about what nobody sees any more.
    if (turn === newest.current) setChecked(found);
    return found;
  };
  useEffect(() => {
    if (body === data.body) return undefined;
    const timer = setTimeout(() => void check(), CHECK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [body]);
  useEffect(() => {
    if (focusNext.current !== undefined) document.getElementById(focusNext.current)?.focus();
    focusNext.current = undefined;
  }, [checked]);
  const show = (found: Checked): void => {
    newest.current += 1;
    focusNext.current = found.kind === 'rejected' ? 'mistakes' : 'preview';
    setChecked({ ...found });
  };
  return { checked, check, show };
}
