import type { Page } from 'playwright-core';

/** Shows the text of a page in another size than usual, as readers do who have to. */
export async function enlargeText(page: Page, percent: number): Promise<void> {
  await page.evaluate(`document.documentElement.style.fontSize = '${percent}%'`);
}
