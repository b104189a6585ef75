import { STATUS_CODES } from 'node:http';
import { errorReasons } from '@mawid/contracts';
import { allReasonTexts, toTitle } from '../rest/problem/reason-texts.ts';
import { httpStatusOf } from '../rest/problem/status.ts';
import { type ServedText, serveText } from './served-text.ts';

/** A route that can refuse. */
export interface RefusingRoute {
  /** `POST /api/bookings`. */
  readonly route: string;
  readonly operationId: string;
  readonly tag: string;
  readonly codes: ReadonlySet<string>;
}

export interface ErrorPages {
  /** All codes in a table. */
  readonly index: ServedText;
  /** The page that a problem's `type` leads to; undefined for codes that do not exist. */
  find(code: string): ServedText | undefined;
}

/** What programs do about a status. Those that are not here are faults of ours or of the moment. */
const reactions: Readonly<Record<number, string>> = {
  400: 'Correct the request. The same request is refused again; the members named after fields say what is wrong with them.',
  401: 'Sign in, or exchange the refresh token for a new access token, and send the request again.',
  403: 'Do not repeat the request: this user has not the right. Show the text.',
  404: 'Do not repeat the request. Load the list again: what was asked for is not there, or not for this user.',
  405: 'Use one of the methods that the header Allow names.',
  406: 'Name the type that the text tells in the header Accept.',
  408: 'Send the request faster.',
  409: 'Load the resource again and show its state; then the user chooses. Where the answer has Retry-After, repeat the request after it.',
  410: 'Do not repeat the request: this is gone for good. The text says what to use instead.',
  412: 'Load the resource again, show what has changed, and send the request with the new ETag.',
  413: 'Send less.',
  415: 'Send the body as application/json.',
  422: 'Use a new Idempotency-Key for a new intention, and the same body for each try of one intention.',
  429: 'Wait as long as Retry-After says; then repeat the request.',
  500: 'Repeat a GET once. If it stays, tell us the trace_id of the answer.',
  501: 'Do not repeat the request.',
  503: 'Wait as long as Retry-After says; then repeat the request, with the same Idempotency-Key where it takes one.',
  504: 'Repeat the request, with the same Idempotency-Key where it takes one: the first may have had its effect.',
};
const otherReaction = 'Tell us the trace_id of the answer.';
// gRPC codes of the reasons that stand for a bare status of a service.
const bareCodes: Readonly<Record<string, number>> = { ALREADY_EXISTS: 6, FAILED_PRECONDITION: 9, ABORTED: 10 };

/** The pages of all codes; `routesOf` is asked when a page is first shown. */
export function createErrorPages(routes: () => readonly RefusingRoute[]): ErrorPages {
  const options = {
    contentType: 'text/html; charset=utf-8',
    headers: { 'content-security-policy': policy },
    maxAge: 3_600,
  };
  const pages = new Map(
    [...allReasonTexts()].map(([code, texts]) => [code, serveText(() => toPage(code, texts, routes()), options)]),
  );
  return { index: serveText(toIndex, options), find: (code) => pages.get(code) };
}

const policy =
  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

function toPage(code: string, texts: { en: string; ar: string }, routes: readonly RefusingRoute[]): string {
  const status = statusOf(code);
  const refusing = routes.filter(({ codes }) => codes.has(code));
  const list = refusing.map(
    ({ route, tag, operationId }) =>
      `<li><a href="/docs#/${encodeURIComponent(tag)}/${operationId}"><code>${escapeHtml(route)}</code></a></li>`,
  );
  return toHtml(
    code,
    `<h1>${toTitle(code)}</h1>
<p><code>${code}</code> · HTTP ${status} ${STATUS_CODES[status] ?? ''}</p>
<div class="quote"><p>${escapeHtml(texts.en)}</p>
<p lang="ar" dir="rtl">${escapeHtml(texts.ar)}</p></div>
<h2>What to do</h2>
<p>${reactions[status] ?? otherReaction}</p>
${list.length === 0 ? '' : `<h2>Routes that may answer it</h2>\n<ul>\n${list.join('\n')}\n</ul>`}
<p><a href="/docs/errors">All codes</a></p>`,
  );
}

function toIndex(): string {
  const rows = [...allReasonTexts()]
    .map(([code, { en, ar }]) => ({ code, status: statusOf(code), en, ar }))
    .sort((a, b) => a.status - b.status || (a.code < b.code ? -1 : 1))
    .map(
      ({ code, status, en, ar }) =>
        `<tr><td>${status}</td><td><a href="/docs/errors/${code}"><code>${code}</code></a></td><td>${escapeHtml(en)}</td><td lang="ar" dir="rtl">${escapeHtml(ar)}</td></tr>`,
    );
  return toHtml(
    'Error codes',
    `<h1>Error codes</h1>
<p>The member <code>code</code> of every refusal is one of these. <code>{name}</code> stands for the value of that name in <code>metadata</code>.</p>
<table>
<thead><tr><th>HTTP</th><th>Code</th><th>English</th><th>Arabic</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>`,
  );
}

function statusOf(code: string): number {
  const info = errorReasons().get(code);
  return info?.httpStatus ?? httpStatusOf(info?.code ?? bareCodes[code] ?? 13);
}

function toHtml(title: string, main: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} - Mawid</title>
<link rel="icon" type="image/png" href="/docs/favicon.png">
<link rel="stylesheet" href="/docs/docs.css">
</head>
<body>
<header><strong>Mawid · موعد</strong> <nav><a href="/docs">reference</a> <a href="/docs/errors">error codes</a></nav></header>
<main class="page">
${main}
</main>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
