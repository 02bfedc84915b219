import type { VNode } from 'preact';

interface PlotButtonProps {
  readonly words: string;
  /** Absent for a button that is no switch. */
  readonly isPressed?: boolean;
  readonly onPress: () => void;
}

/** A button of a graphic. The style sheet writes its words, so that they are no part of what the page says. */
export const PlotButton = ({ words, isPressed, onPress }: PlotButtonProps): VNode => (
  <button type="button" class="graphic-button" aria-label={words} aria-pressed={isPressed} onClick={onPress} />
);
