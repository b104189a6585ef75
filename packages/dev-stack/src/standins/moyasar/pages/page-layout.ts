import { escapeHtml } from '../../shared/escape-html.ts';
import type { PageLanguage } from './page-language.ts';
import { pageStyle } from './page-style.ts';
import { pageTexts } from './page-texts.ts';

/** The frame of every hosted page. `content` is markup: whoever builds it escapes what is in it. */
export function pageLayout(language: PageLanguage, title: string, content: string): string {
  const texts = pageTexts(language);
  const other = language === 'ar' ? 'en' : 'ar';
  return `<!doctype html>
<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<p class="strip">${escapeHtml(texts.testMode)}</p>
<main>
${content}
<footer><span>${escapeHtml(texts.secure)}</span><a href="?lang=${other}" lang="${other}">${escapeHtml(texts.otherLanguage)}</a></footer>
</main>
</body>
</html>
`;
}
