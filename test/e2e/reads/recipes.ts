import { readFileSync } from 'node:fs';

/** What docs/analysts.md tells analysts to type, with the address of the service put in. */
export interface Recipes {
  /** Every address that is named anywhere on the page. */
  readonly addresses: readonly string[];
  /** The snippets in a language, in order. */
  in(language: string): readonly string[];
}

const PAGE = readFileSync(new URL('../../../docs/analysts.md', import.meta.url), 'utf8');

export const recipesFor = (url: string): Recipes => {
  const page = PAGE.replaceAll('http://localhost:3000', url);
  const addresses = page.split(/[\s"'`]/).filter((word) => word.startsWith(`${url}/`));
  return {
    addresses: [...new Set(addresses)],
    in: (language) =>
      [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, name, text = '']) =>
        name === language ? [text] : [],
      ),
  };
};
