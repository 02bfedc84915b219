import type { Ink } from './shapes.js';

/** A colour in both schemes, as six hex digits. */
interface SchemeColours {
  readonly light: string;
  readonly dark: string;
}

/** A colour of the page: its token in the style sheet, and the same for pictures that stand without it. */
interface InkColour extends SchemeColours {
  readonly token: string;
}

/**
 * The colour of each ink, in the page and in pictures that stand alone.
 *
 * Each differs from the ground by at least 3 : 1, what text is written in by 4.5 : 1. Neighbours are parted by a line of
 * the ground.
 */
export const PALETTE: Readonly<Record<Ink, InkColour>> = {
  talk: { token: '--talk', light: '#2563a8', dark: '#8ab8ee' },
  bargaining: { token: '--bargaining', light: '#6b3fa0', dark: '#c4a3ee' },
  making: { token: '--making', light: '#0f6b6b', dark: '#6fcaca' },
  running: { token: '--running', light: '#2c6b22', dark: '#8fd182' },
  trouble: { token: '--trouble', light: '#8a5200', dark: '#f0b35e' },
  over: { token: '--over', light: '#54524c', dark: '#b5b2a8' },
  neutral: { token: '--ink-soft', light: '#5a5850', dark: '#a9a69c' },
  text: { token: '--ink', light: '#1b1b19', dark: '#e9e7e1' },
  quiet: { token: '--ink-soft', light: '#5a5850', dark: '#a9a69c' },
  rule: { token: '--rule-strong', light: '#8d897c', dark: '#6d7280' },
  ground: { token: '--ground', light: '#fffefb', dark: '#14161a' },
  accent: { token: '--accent', light: '#0b5a8a', dark: '#7cc0ea' },
};

/** The style sheet of a picture that stands alone: light, and dark for readers who prefer it. */
export const pictureStyle = (): string =>
  [TEXT_RULE, ...rulesIn('light'), '@media (prefers-color-scheme:dark){', ...rulesIn('dark'), '}'].join('');

const TEXT_RULE =
  'text{font:11px system-ui,sans-serif;font-variant-numeric:tabular-nums;paint-order:stroke;stroke-width:3;stroke-linejoin:round}';

const rulesIn = (scheme: keyof SchemeColours): readonly string[] => [
  `text{stroke:${PALETTE.ground[scheme]}}`,
  ...Object.entries(PALETTE).flatMap(([ink, { [scheme]: colour }]) => [
    `.fill-${ink}{fill:${colour}}`,
    `.tint-${ink}{fill:${colour};fill-opacity:.2;stroke:${colour}}`,
    `.ring-${ink},.line-${ink}{fill:none;stroke:${colour};stroke-width:1.5}`,
    `.words-${ink}{fill:${colour}}`,
  ]),
  '.line-rule{stroke-width:.75}',
];
