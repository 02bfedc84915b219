import { expect } from '@jest/globals';
import { PlainBrowser, leadsTo } from './browser.js';
import type { TestProvider } from './identity-provider.js';

/** What the service says of itself and of whoever asks. */
export interface AboutAnswer {
  readonly writes: string;
  readonly role: string | null;
  readonly identityProvider: string;
  readonly signIn: string;
  readonly csrfToken?: string;
}

/** Where people sign in. */
export interface SignInPlace {
  readonly url: string;
  readonly provider: TestProvider;
}

interface Going {
  readonly browser: PlainBrowser;
  readonly login: string;
  readonly to: string;
}

/** Goes to the provider and signs in there; answers the address that the provider sends the browser back to. */
export async function goToProvider({ url, provider }: SignInPlace, { browser, login, to }: Going): Promise<string> {
  const begun = await browser.open(`${url}/sign-in?to=${encodeURIComponent(to)}`);
  expect(begun.status).toBe(303);
  provider.person.login = login;
  let address = leadsTo(begun, url);
  for (let step = 0; step < 6 && !address.startsWith(url); step += 1)
    address = leadsTo(await browser.open(address), address);
  return address;
}

interface Person {
  readonly login: string;
  readonly role: unknown;
  readonly to?: string | undefined;
}

/** Signs somebody in, in a browser of their own. */
export async function signInAs(place: SignInPlace, { login, role, to = '/policies' }: Person): Promise<PlainBrowser> {
  place.provider.roles.set(login, role);
  const browser = new PlainBrowser();
  const back = await browser.open(await goToProvider(place, { browser, login, to }));
  expect([back.status, back.headers.get('location')]).toEqual([303, to]);
  return browser;
}

/** What the service says to a browser of itself and of whoever sits there. */
export async function askAbout(browser: PlainBrowser, url: string): Promise<AboutAnswer> {
  const response = await browser.open(`${url}/v1/about`, { headers: { accept: 'application/json' } });
  const about: AboutAnswer = JSON.parse(await response.text());
  return about;
}
