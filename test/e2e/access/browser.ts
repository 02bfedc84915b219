import { checkedFetch } from '../../support/http/checked-fetch.js';

/** What a browser without scripts does: it keeps cookies for each host and follows links and forms where it is told to. */
export class PlainBrowser {
  readonly #cookies = new Map<string, Map<string, string>>();
  /** The cookies as they were set, newest last. */
  readonly set: string[] = [];

  /** Opens an address without following where it leads. */
  async open(address: string, init: RequestInit = {}): Promise<Response> {
    const { host } = new URL(address);
    const kept = [...(this.#cookies.get(host) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = {
      accept: 'text/html',
      ...(kept === '' ? {} : { cookie: kept }),
      ...Object.fromEntries(new Headers(init.headers)),
    };
    const response = await checkedFetch(address, { ...init, headers, redirect: 'manual' });
    for (const cookie of response.headers.getSetCookie()) this.#keep(host, cookie);
    return response;
  }

  /** Sends a form. */
  send(address: string, fields: Readonly<Record<string, string>>): Promise<Response> {
    return this.open(address, {
      method: 'POST',
      body: new URLSearchParams(fields).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  }

  /** The value of a cookie for an address. */
  cookie(address: string, name: string): string | undefined {
    return this.#cookies.get(new URL(address).host)?.get(name);
  }

  /** Shows another address the cookies of one, as hosts on one machine share them. */
  share(from: string, to: string): void {
    this.#cookies.set(new URL(to).host, new Map(this.#cookies.get(new URL(from).host)));
  }

  #keep(host: string, cookie: string): void {
    this.set.push(cookie);
    const [pair = ''] = cookie.split(';');
    const [name = '', ...value] = pair.split('=');
    const jar = this.#cookies.get(host) ?? new Map<string, string>();
    this.#cookies.set(host, jar);
    if (/max-age=0\b|expires=thu, 01 jan 1970/i.test(cookie)) jar.delete(name);
    else jar.set(name, value.join('='));
  }
}

/** Where an answer leads to, as an absolute address. */
export const leadsTo = (response: Response, from: string): string =>
  new URL(response.headers.get('location') ?? '', from).href;
