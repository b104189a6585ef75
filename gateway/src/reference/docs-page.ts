import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type ServedText, serveText } from './served-text.ts';

/** The folder of the renderer. It is served from here: a browser asks no other host for anything. */
function rendererFile(name: string): Buffer {
  const require = createRequire(import.meta.url);
  return readFileSync(join(require.resolve('swagger-ui-dist/package.json'), '..', name));
}

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mawid API</title>
<link rel="icon" type="image/png" href="/docs/favicon.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="stylesheet" href="/docs/docs.css">
</head>
<body>
<header><strong>Mawid · موعد</strong> <nav><a href="/openapi.json">openapi.json</a> <a href="/openapi.yaml">openapi.yaml</a> <a href="/docs/errors">error codes</a></nav></header>
<div id="reference"></div>
<noscript><p>The reference needs JavaScript; <a href="/openapi.yaml">openapi.yaml</a> says the same.</p></noscript>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/docs.js"></script>
</body>
</html>
`;

const script = `window.ui = SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  defaultModelExpandDepth: 3,
  displayRequestDuration: true,
  filter: true,
  validatorUrl: null,
  plugins: [{ statePlugins: { auth: { wrapSelectors: { isAuthorized: withoutNobody } } } }],
});

// Where a token is welcome but not needed, the renderer would show a closed padlock before anybody has signed in.
function withoutNobody(isAuthorized) {
  return (_state, requirements) => isAuthorized(requirements && requirements.filter((each) => !each.isEmpty()));
}
`;

const style = `body { margin: 0; font-family: system-ui, sans-serif; color: #222; background: #fff; }
body > header { display: flex; gap: 2rem; align-items: baseline; padding: 1rem 2rem; background: #123c36; color: #fff; }
body > header a { color: #cfe; margin-right: 1rem; }
.page { max-width: 50rem; margin: 0 auto; padding: 1rem 2rem; line-height: 1.5; }
.page h1 { margin-bottom: 0; }
.page code { background: #eee; padding: 0 .3em; border-radius: .2em; }
.page table { border-collapse: collapse; width: 100%; }
.page th, .page td { text-align: start; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid #ddd; }
.page th:last-child { text-align: end; }
.page [lang="ar"] { direction: rtl; text-align: right; font-size: 1.05em; }
.page .quote { border-inline-start: .25rem solid #123c36; padding: .2rem 1rem; margin: 1rem 0; }
.swagger-ui .info { margin: 1.5rem 0; }
.swagger-ui .scheme-container { padding: 1rem 0; box-shadow: none; border-block: 1px solid #ddd; }
.swagger-ui .response-col_description li { margin: .3rem 0; }
`;

/** The page's own rights: what it loads comes from this origin, and it asks this origin and the public one, where requests are tried out. */
function policyFor(publicUrl: string | undefined): string {
  const connect = publicUrl === undefined ? "'self'" : `'self' ${new URL(publicUrl).origin}`;
  return [
    "default-src 'none'",
    "script-src 'self'",
    // The renderer writes style attributes.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    `connect-src ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The browsable reference and what it is made of, by path. */
export function createDocsPages(publicUrl: string | undefined): ReadonlyMap<string, ServedText> {
  const html = { 'content-security-policy': policyFor(publicUrl), 'referrer-policy': 'no-referrer' };
  const file = (name: string, contentType: string): ServedText =>
    serveText(() => rendererFile(name), { contentType, maxAge: 3_600 });
  return new Map([
    ['/docs', serveText(() => page, { contentType: 'text/html; charset=utf-8', headers: html, maxAge: 0 })],
    ['/docs/docs.js', serveText(() => script, { contentType: 'text/javascript; charset=utf-8', maxAge: 3_600 })],
    ['/docs/docs.css', serveText(() => style, { contentType: 'text/css; charset=utf-8', maxAge: 3_600 })],
    ['/docs/swagger-ui-bundle.js', file('swagger-ui-bundle.js', 'text/javascript; charset=utf-8')],
    ['/docs/swagger-ui.css', file('swagger-ui.css', 'text/css; charset=utf-8')],
    ['/docs/favicon.png', file('favicon-32x32.png', 'image/png')],
  ]);
}
