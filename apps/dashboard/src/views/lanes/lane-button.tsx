import type { VNode } from 'preact';

interface LaneButtonProps {
  readonly words: string;
  readonly onPress: () => void;
}

/** A button of a graphic. The style sheet writes its words, so that they are no part of what the page says. */
export const LaneButton = ({ words, onPress }: LaneButtonProps): VNode => (
  <button type="button" class="graphic-button" aria-label={words} onClick={onPress} />
);
