import { boardPage } from './board.js';
import { policyPage } from './policy.js';
import type { Page } from './page.js';
import { positionsPage } from './read-models/positions.js';

/** All pages. To add one: its file here and in `src/client/pages`, and a line below. */
export const pages: readonly Page[] = [boardPage, policyPage, positionsPage];

/** The page that answers a path. */
export const pageAt = (path: string): Page | undefined => pages.find((page) => page.path.test(path));
