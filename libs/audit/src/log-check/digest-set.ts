import { hash } from 'node:crypto';

/** Texts of which at most this many are remembered; it takes 64 MB. */
export const DIGESTS_LIMIT = 2 ** 21;

/** A digest is four words: 128 bits, so that two texts of a log are not taken for one. */
const WORDS = 4;
const FIRST_SLOTS = 2 ** 10;

/** Tells whether a text was seen before, in 32 bytes a text at most, up to a limit. */
export class DigestSet {
  #slots = new Uint32Array(FIRST_SLOTS * WORDS);
  #size = 0;

  constructor(private readonly limit = DIGESTS_LIMIT) {}

  /** Remembers a text. `full`: nothing is known of it, since there is no more room. */
  add(text: string): 'new' | 'known' | 'full' {
    if (this.#size >= this.limit) return 'full';
    if (this.#size * WORDS * 2 >= this.#slots.length) this.#grow();
    const digest = hash('sha256', text, 'buffer');
    const words = Uint32Array.from({ length: WORDS }, (_, word) => digest.readUInt32LE(word * 4));
    const slot = slotOf(words, this.#slots);
    if (!isEmpty(this.#slots, slot)) return 'known';
    this.#slots.set(words, slot);
    this.#size += 1;
    return 'new';
  }

  #grow(): void {
    const grown = new Uint32Array(this.#slots.length * 2);
    for (let slot = 0; slot < this.#slots.length; slot += WORDS)
      if (!isEmpty(this.#slots, slot)) {
        const words = this.#slots.subarray(slot, slot + WORDS);
        grown.set(words, slotOf(words, grown));
      }
    this.#slots = grown;
  }
}

/** Finds the slot of a digest, or the empty slot where it belongs. Half of the slots are empty, so the search ends. */
function slotOf(words: Uint32Array, slots: Uint32Array): number {
  const [first = 0] = words;
  let slot = (first % (slots.length / WORDS)) * WORDS;
  while (!isEmpty(slots, slot) && !isAt(slots, slot, words)) slot = (slot + WORDS) % slots.length;
  return slot;
}

const isAt = (slots: Uint32Array, slot: number, words: Uint32Array): boolean =>
  words.every((word, index) => slots[slot + index] === word);

const isEmpty = (slots: Uint32Array, slot: number): boolean =>
  slots[slot] === 0 && slots[slot + 1] === 0 && slots[slot + 2] === 0 && slots[slot + 3] === 0;
