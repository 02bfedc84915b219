/** Stands for this server, whatever its name is. */
const HERE = 'http://here.invalid';

const LONGEST = 2_000;

/** Where a sign-in leads to when it does not say: the first page. */
const FIRST_PAGE = '/';

const A_SIGN_IN = /^\/sign-(?:in|out)(?:\/|$)/;

/**
 * The address to return to after signing in, as far as it is one of this server's own pages; else the first page.
 *
 * It is read as browsers read it, who take `//host`, `/\host` and addresses with line breaks in them for those of others.
 */
export function returnPath(asked: string | undefined): string {
  if (asked === undefined || asked.length > LONGEST || !/^\/[\x21-\x5b\x5d-\x7e]*$/.test(asked)) return FIRST_PAGE;
  if (!URL.canParse(asked, HERE)) return FIRST_PAGE;
  const { origin, pathname, search } = new URL(asked, HERE);
  if (origin !== HERE || pathname.startsWith('//') || A_SIGN_IN.test(pathname)) return FIRST_PAGE;
  return pathname + search;
}
