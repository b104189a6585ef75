import { escapeHtml } from '../../shared/escape-html.ts';

const style = `
:root { --ink: #1c1f26; --soft: #70778a; --line: #e6e8ee; --brand: #0b6e5f; }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; background: #eef1f4; color: var(--ink); font: 16px/1.55 system-ui, "Segoe UI", "Noto Sans Arabic", "Noto Sans", Tahoma, sans-serif; }
header { position: sticky; top: 0; display: flex; align-items: center; gap: 12px; padding: 14px 16px; background: var(--brand); color: #fff; }
header h1 { margin: 0; font-size: 18px; font-weight: 600; }
header small { display: block; font-weight: 400; opacity: .8; font-size: 13px; }
header a { color: #fff; text-decoration: none; font-size: 24px; line-height: 1; padding: 4px 8px; }
main { max-width: 560px; margin: 0 auto; padding: 16px; }
h2 { margin: 20px 4px 8px; font-size: 13px; font-weight: 600; color: var(--soft); }
.list { margin: 0; padding: 0; list-style: none; border-radius: 16px; overflow: hidden; background: #fff; }
.list a { display: grid; grid-template-columns: 1fr auto; gap: 2px 12px; padding: 14px 16px; border-bottom: 1px solid var(--line); color: inherit; text-decoration: none; }
.list li:last-child a { border-bottom: 0; }
.list b { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-weight: 600; }
.list time, .list .count, .meta { color: var(--soft); font-size: 13px; }
.list .last { overflow: hidden; color: var(--soft); font-size: 14px; text-overflow: ellipsis; white-space: nowrap; }
.list .count { justify-self: end; min-width: 22px; padding: 0 7px; border-radius: 11px; background: #e3f2ef; color: var(--brand); text-align: center; }
.bubble { width: fit-content; max-width: 88%; margin: 0 0 4px; padding: 12px 16px; border-radius: 4px 18px 18px 18px; background: #fff; box-shadow: 0 1px 2px rgba(20, 30, 50, .08); white-space: pre-line; overflow-wrap: anywhere; }
.bubble[dir="rtl"] { line-height: 1.8; text-align: right; }
.code { padding: 1px 8px; border-radius: 8px; background: #e3f2ef; color: var(--brand); font-weight: 700; letter-spacing: .08em; user-select: all; }
.meta { margin: 0 4px 18px; }
.empty { padding: 64px 16px; color: var(--soft); text-align: center; }
`;

export interface InboxLayout {
  readonly title: string;
  readonly subtitle: string;
  readonly backHref?: string;
  /** Markup; whoever builds it escapes what is in it. */
  readonly content: string;
}

/** The frame of the inbox pages; it loads itself again every few seconds. */
export function inboxLayout({ title, subtitle, backHref, content }: InboxLayout): string {
  const back = backHref === undefined ? '' : `<a href="${escapeHtml(backHref)}" aria-label="All inboxes">‹</a>`;
  return `<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="3">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<header>${back}<h1><bdi>${escapeHtml(title)}</bdi><small>${escapeHtml(subtitle)}</small></h1></header>
<main>${content}</main>
</body>
</html>
`;
}
