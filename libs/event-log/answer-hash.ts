/** The hash by which answers are cited and compared. Needs Node's cryptography and nothing else. */
export { contentOfAnswer, hashAnswer } from './src/entries/answer-hash.js';
