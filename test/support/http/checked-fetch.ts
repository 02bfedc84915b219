import { controllers } from '../../../apps/api/src/api.module.js';
import { openApiDocument } from '../../../apps/api/src/openapi/document.js';
import { type ReceivedAnswer, documentedAnswers } from './documented-answers.js';

/**
 * Fetches as `fetch` does, and throws when the answer is not as `/openapi.json` describes it. Tests over HTTP ask by
 * this alone, so that every JSON answer they receive is compared with the document.
 */
export async function checkedFetch(address: string | URL, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(address, init);
  const { pathname, search } = new URL(response.url);
  const method = init.method ?? 'GET';
  const type = response.headers.get('content-type');
  const text = /json/.test(type ?? '') ? await response.clone().text() : '';
  const found = differences({ method, address: `${pathname}${search}`, status: response.status, type, text });
  if (found.length === 0) return response;
  throw new Error(
    [`${method} ${response.url} answered ${response.status}, not as /openapi.json describes it:`, ...found].join('\n'),
  );
}

/** Compares answers with the document of this code, which is written when the first one is received. */
const differences = (answer: ReceivedAnswer): readonly string[] => (compare ??= comparison())(answer);

let compare: ReturnType<typeof documentedAnswers> | undefined;

const comparison = (): ReturnType<typeof documentedAnswers> =>
  documentedAnswers(JSON.parse(JSON.stringify(openApiDocument(controllers))));
