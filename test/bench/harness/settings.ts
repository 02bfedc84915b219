/** What a bench is run with in place of its own sizes. */
export interface Settings {
  /** Events of the corpora, each measured for itself. */
  readonly sizes?: readonly number[];
  readonly policies?: number;
  readonly rounds?: number;
}

/** Which benches to run, and with what. */
export interface BenchRequest {
  readonly benches: readonly string[];
  readonly settings: Settings;
}

/** Reads arguments: names of benches, and `sizes=10000,50000`, `policies=500` or `rounds=3`. Throws at any other. */
export function readRequest(words: readonly string[], known: readonly string[]): BenchRequest {
  const benches = words.filter((word) => !word.includes('='));
  const unknown = benches.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`There is no bench ${unknown.join(', ')}; there are ${known.join(', ')}.`);
  const settings = words.filter((word) => word.includes('=')).map(settingOf);
  return { benches, settings: Object.assign({}, ...settings) as Settings };
}

function settingOf(word: string): Settings {
  const [name, value = ''] = word.split('=');
  const numbers = value.split(',').map(Number);
  const [first = 0] = numbers;
  if (numbers.every((number) => Number.isSafeInteger(number) && number > 0)) {
    if (name === 'sizes') return { sizes: numbers };
    if (name === 'policies' && numbers.length === 1) return { policies: first };
    if (name === 'rounds' && numbers.length === 1) return { rounds: first };
  }
  throw new Error(`There is no setting "${word}"; there are sizes=10000,50000, policies=500 and rounds=3.`);
}
