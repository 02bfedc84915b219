import {
  type Changes,
  type EventBody,
  type JsonObject,
  type Position,
  REGISTERED,
  type Registration,
  type Rejection,
  policiesIn,
  policyOf,
  position,
  type RegistrationRetraction,
  registrationFromStored,
  retractionOfRegistration,
  renamePolicies,
} from '#domain';
import type { EventLog, LogEntry } from '#event-log';

/** Types of the entries that give a policy a name, or take such an entry back. */
const NAMING = [REGISTERED, 'policy.redescribed', 'record.corrected', 'record.retracted'];

const PAGE = 1000;

/** A name that a body gives to its policy, and where the body says so. */
export interface GivenName {
  readonly name: string;
  readonly pointer: string;
}

/** The dependencies of policy names. */
export interface NamingNeeds {
  readonly log: Pick<EventLog, 'readTypes' | 'head'>;
  /**
   * Does work while no other process gives names; without it, processes must not give names at the same time. Calls
   * within one process come one at a time.
   */
  readonly exclusively?: <Result>(work: () => Promise<Result>) => Promise<Result>;
}

/**
 * The names of all policies: slugs and aliases, each held for ever by the policy that had it first in the order of the log.
 *
 * Knows what {@link catchUp} has read. Whoever gives a name does so within {@link exclusively}, caught up: then no two
 * policies get one name, whatever processes record.
 */
export class PolicyNames {
  readonly #holders = new Map<string, string>();
  readonly #aliases = new Map<string, Set<string>>();
  readonly #retractions = new Map<string, RegistrationRetraction[]>();
  /** The policy whose registration an entry takes back, directly or through others, by the entry's key. */
  readonly #about = new Map<string, string>();
  #upTo: Position = position(0);
  #hasRead = false;
  #reading: Promise<unknown> = Promise.resolve();
  #giving: Promise<unknown> = Promise.resolve();

  constructor(private readonly needs: NamingNeeds) {}

  /** Does work that gives names, one at a time and after catching up. */
  exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    const alone = this.needs.exclusively ?? ((inside) => inside());
    const given = this.#giving.then(() =>
      alone(async () => {
        await this.catchUp();
        return work();
      }),
    );
    this.#giving = given.catch(() => undefined);
    return given;
  }

  /** Reads what was recorded since; sees at least everything that was recorded before the call. */
  catchUp(): Promise<void> {
    const read = this.#reading.then(() => this.#read());
    this.#reading = read.catch(() => undefined);
    return read;
  }

  /** The first time, reads all names; later nothing. */
  async ready(): Promise<void> {
    if (!this.#hasRead) await this.catchUp();
  }

  /** The slug of the policy that has a name, or had it. */
  slugOf(name: string): string | undefined {
    return this.#holders.get(name);
  }

  /** The rejections of names that a policy cannot have, since others have or had them. */
  taken(policy: string, names: readonly GivenName[]): readonly Rejection[] {
    return names.flatMap(({ name, pointer }) => {
      const holder = this.#holders.get(name);
      return holder === undefined || holder === policy ? [] : [nameTaken(name, holder, pointer)];
    });
  }

  /** The key of the retraction by which a policy's registration is withdrawn; undefined while it is in force. */
  withdrawnBy(policy: string): string | undefined {
    return retractionOfRegistration(policy, this.retractionsOf(policy));
  }

  /** All retractions of a policy's registration and, at any depth, of these, in the order of the log. */
  retractionsOf(policy: string): readonly RegistrationRetraction[] {
    return this.#retractions.get(policy) ?? [];
  }

  /** The policy whose registration an event of that target takes back or restores; undefined for any other target. */
  registrationBehind(target: string): string | undefined {
    return this.#about.get(target);
  }

  /** The aliases that a policy had. */
  aliasesOf(policy: string): readonly string[] {
    return [...(this.#aliases.get(policy) ?? [])];
  }

  async #read(): Promise<void> {
    const { position: head } = await this.needs.log.head();
    for (let isWhole = false; !isWhole;) {
      const page: readonly LogEntry[] = await this.needs.log.readTypes(NAMING, this.#upTo, PAGE);
      for (const entry of page) this.#take(entry);
      isWhole = page.length < PAGE;
      this.#upTo = position(Math.max(page.at(-1)?.position ?? 0, isWhole ? head : 0, this.#upTo));
    }
    this.#hasRead = true;
  }

  #take(entry: LogEntry): void {
    const policy = policyOf(entry.stream);
    if (entry.type === REGISTERED) {
      this.#about.set(entry.key, policy);
      this.#give(policy, policy);
      for (const alias of registrationFromStored(entry).aliases ?? []) this.#give(alias, policy);
    } else if (entry.type === 'record.retracted') this.#retract(policy, entry);
    else for (const alias of aliasesWithin(entry.body)) this.#give(alias, policy);
  }

  #give(name: string, policy: string): void {
    if (!this.#holders.has(name)) this.#holders.set(name, policy);
    if (name === policy) return;
    const aliases = this.#aliases.get(policy) ?? new Set();
    this.#aliases.set(policy, aliases.add(name));
  }

  /** A registration that was withdrawn keeps its slug, which is its key in the log, and frees its aliases. */
  #retract(policy: string, { key, body }: LogEntry): void {
    const target = body['target'];
    if (typeof target !== 'string' || this.#about.get(target) !== policy) return;
    this.#about.set(key, policy);
    const retractions = this.#retractions.get(policy) ?? [];
    retractions.push({ key, target });
    this.#retractions.set(policy, retractions);
    const isWithdrawn = this.withdrawnBy(policy) !== undefined;
    for (const alias of this.#aliases.get(policy) ?? []) {
      if (!isWithdrawn) this.#give(alias, policy);
      else if (this.#holders.get(alias) === policy) this.#holders.delete(alias);
    }
  }
}

function aliasesWithin(body: JsonObject): readonly string[] {
  const { aliases, changes } = body;
  const own = Array.isArray(aliases) ? aliases.filter((alias): alias is string => typeof alias === 'string') : [];
  return isObject(changes) ? [...own, ...aliasesWithin(changes)] : own;
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every alias that a body gives to its policy, by a redescription or by correcting one. */
export function namesGivenBy(body: Pick<EventBody, 'aliases' | 'changes'>): readonly GivenName[] {
  const within = (
    { aliases, changes }: Pick<Changes, 'aliases' | 'changes'>,
    pointer: string,
  ): readonly GivenName[] => [
    ...(aliases ?? []).map((name, index) => ({ name, pointer: `${pointer}/aliases/${index}` })),
    ...(changes ? within(changes, `${pointer}/changes`) : []),
  ];
  return within(body, '');
}

/** Every name that a registration gives. */
export const namesOfRegistration = ({
  slug,
  aliases = [],
}: Pick<Registration, 'slug' | 'aliases'>): readonly GivenName[] => [
  { name: slug, pointer: '/slug' },
  ...aliases.map((name, index) => ({ name, pointer: `/aliases/${index}` })),
];

/** The rejection of a name that another policy has or had. */
export const nameTaken = (name: string, holder: string, pointer: string): Rejection => ({
  code: 'name-taken',
  pointer,
  message:
    name === holder
      ? `"${name}" is the slug of another policy. Choose another name.`
      : `"${name}" is, or was, an alias of "${holder}", and addresses with it lead to that policy. Choose another name.`,
});

/** The body with each policy that it names by an alias named by its slug, and what is wrong with it then. */
export function bySlugs(
  body: EventBody,
  slugOf: (name: string) => string | undefined,
): { readonly body: EventBody; readonly rejections: readonly Rejection[] } {
  const renamed = renamePolicies(body, (name) => slugOf(name) ?? name);
  const rejections = policiesIn(renamed)
    .filter(({ slug, pointer }) => slug === renamed.policy && /^[/](alsoPolicies|by)\b/.test(pointer))
    .map(({ pointer }): Rejection => ({
      code: 'repeated-policy',
      pointer,
      message: `This is already the policy of the event ("${renamed.policy}"). Remove it here.`,
    }));
  return { body: renamed, rejections };
}
