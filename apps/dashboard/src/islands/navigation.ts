import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Address, Changes } from '../http/address.js';

/** How a page moves to another coordinate without being loaded as a whole. */
export interface Navigation {
  /** Shows this page with other parameters. A `passing` move replaces the entry of the history, others add one. */
  move(changes: Changes, how: 'passing' | 'final'): void;
  /** The address that was asked for last, which is ahead of what is shown while its answer is on the way. */
  asked(): Address;
  /** Asks for what is shown once more, and shows it when it has changed. */
  refresh(): Promise<void>;
}

/** The navigation of the page around; nothing on the server and where no script has taken over. */
export const NavigationContext = createContext<Navigation | undefined>(undefined);

export const useNavigation = (): Navigation | undefined => useContext(NavigationContext);
