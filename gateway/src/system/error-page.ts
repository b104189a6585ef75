import type { Answer } from '../http/send.ts';
import { allReasonTexts, toTitle } from '../rest/problem/reason-texts.ts';

const pages = new Map([...allReasonTexts()].map(([code, texts]) => [code, toPage(code, texts)]));

/** The page that a problem's `type` leads to; undefined for codes that do not exist. */
export function errorPage(code: string): Answer | undefined {
  return pages.get(code);
}

function toPage(code: string, texts: { en: string; ar: string }): Answer {
  const html = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${code} - Mawid</title></head>
<body>
<h1>${toTitle(code)}</h1>
<p><code>${code}</code></p>
<p>${escapeHtml(texts.en)}</p>
<p lang="ar" dir="rtl">${escapeHtml(texts.ar)}</p>
</body>
</html>
`;
  return {
    status: 200,
    headers: { 'cache-control': 'public, max-age=3600' },
    contentType: 'text/html; charset=utf-8',
    content: html,
  };
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
