import type { z } from 'zod';
import { escapeHtml as e } from '#citations';
import { SERVICE_NAME } from '../openapi/document.js';
import type { judgedAnswer } from './citation-answers.js';

type Judged = z.output<typeof judgedAnswer>;

const STYLE = `:root{color-scheme:light dark;--line:#8886}
body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}
.verdict{border:1px solid var(--line);border-inline-start:.4rem solid;padding:.5rem 1rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem}dd{margin:0}
pre{white-space:pre-wrap;border:1px solid var(--line);padding:.5rem}code{font-family:ui-monospace,monospace}`;

/** Writes the page of a citation: what was cited, whether it holds, the log then and now, and the references. */
export function landingPage(judged: Judged): string {
  const { title, url, holds } = judged;
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${e(title)} · ${SERVICE_NAME}</title>
<link rel="cite-as" href="${e(judged.citationUrl)}"><link rel="alternate" type="application/json" href="${e(judged.citationUrl)}.json">
<style>${STYLE}</style></head>
<body><main>
<h1>${e(title)}</h1>
<div class="verdict" role="status"><p><strong>${holds ? 'This citation holds.' : 'This citation does not hold as it stands.'}</strong> ${verdictOf(judged)}</p>${reasonsOf(judged)}</div>
<h2>What was cited</h2>
<dl><dt>Answer</dt><dd><a href="${e(url)}">${e(url)}</a></dd>
<dt>Cited at</dt><dd>${time(judged.citedAt)}</dd>
<dt>SHA-256</dt><dd><code>${judged.answerSha256}</code></dd>
<dt>Rules of facts</dt><dd>version ${judged.fold}</dd>${todayOf(judged)}</dl>
${checkpointsOf(judged)}
<h2>References</h2>
<p>${e(judged.cite.text)}</p>
<p>${['bib', 'ris', 'csl.json'].map((suffix) => `<a href="${e(judged.citationUrl)}.${suffix}">.${suffix}</a>`).join(' · ')}</p>
<p>To link to it from a page:</p>
<pre><code>${e(judged.cite.html)}</code></pre>
</main></body></html>
`;
}

const verdictOf = ({ reproduced, holds }: Judged): string => {
  if (holds) return 'The same address answers the same, and what was recorded since does not change it.';
  return reproduced
    ? 'The address still answers what was cited; the record of today says otherwise.'
    : 'The address does not answer what was cited any more.';
};

function reasonsOf({ why }: Judged): string {
  if (why.length === 0) return '';
  return `<ul>${why.map(({ text, events }) => `<li>${e(text)}${events.length === 0 ? '' : `<br>${events.map(link).join(', ')}`}</li>`).join('')}</ul>`;
}

const link = (key: string): string => `<a href="/events/${e(key)}">${e(key)}</a>`;

const todayOf = ({ now }: Judged): string =>
  now.url === null ? '' : `\n<dt>The same question today</dt><dd><a href="${e(now.url)}">${e(now.url)}</a></dd>`;

function checkpointsOf({ checkpoint: { then, now, proof } }: Judged): string {
  const row = (name: string, { size, root }: typeof then): string =>
    `<dt>${name}</dt><dd>${size} events, root <code>${e(root)}</code></dd>`;
  const proven =
    proof === null ? '' : `\n<p><a href="${e(proof)}">Proof that the first is the beginning of the second</a></p>`;
  return `<h2>The signed log</h2>\n<dl>${row('When cited', then)}${now === null ? '' : row('Now', now)}</dl>${proven}`;
}

const time = (at: string): string => `<time datetime="${at}">${at.slice(0, 16).replace('T', ' ')} UTC</time>`;
