/** One small sheet for all hosted pages: phone first, both directions by logical properties. */
export const pageStyle = `
:root { --ink: #1d2433; --soft: #5d6779; --line: #dfe3ea; --brand: #5b2a86; --deep: #43206a; --bad: #b3261e; --good: #1b7f4b; }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; background: #f3f1f7; color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", "Noto Sans Arabic", "Noto Sans", Tahoma, sans-serif; }
.strip { margin: 0; padding: 8px 16px; background: #fff4d6; color: #6b4e00; font-size: 13px; text-align: center; }
main { max-width: 440px; margin: 0 auto; padding: 20px 16px 32px; }
.sum { padding: 22px 20px; border-radius: 18px 18px 0 0; background: linear-gradient(135deg, var(--brand), var(--deep)); color: #fff; }
.sum p { margin: 0; opacity: .85; font-size: 14px; }
.sum strong { display: block; margin: 2px 0 8px; font-size: 32px; line-height: 1.25; font-weight: 700; }
.sheet { padding: 20px; border-radius: 0 0 18px 18px; background: #fff; box-shadow: 0 10px 30px rgba(45, 25, 80, .08); }
.sheet.alone { border-radius: 18px; text-align: center; padding: 36px 24px; }
.sheet h1 { margin: 12px 0 6px; font-size: 22px; line-height: 1.35; }
.sheet p { margin: 0 0 12px; color: var(--soft); }
label { display: block; margin-bottom: 14px; font-size: 14px; color: var(--soft); }
input { display: block; width: 100%; height: 48px; margin-top: 4px; padding: 0 14px; border: 1px solid var(--line); border-radius: 12px; background: #fff; color: var(--ink); font: inherit; font-size: 17px; }
input.code { direction: ltr; text-align: start; letter-spacing: .04em; font-variant-numeric: tabular-nums; }
[dir="rtl"] input.code { text-align: right; }
input::placeholder { color: #b4bac6; }
input:focus { outline: 2px solid var(--brand); outline-offset: 1px; border-color: transparent; }
input[aria-invalid="true"] { border-color: var(--bad); }
.row { display: grid; grid-template-columns: 1fr 1fr 1.2fr; gap: 12px; }
button { display: block; width: 100%; min-height: 52px; margin-top: 6px; border: 0; border-radius: 14px; background: var(--brand); color: #fff; font: inherit; font-size: 17px; font-weight: 600; cursor: pointer; }
button:hover { background: var(--deep); }
button.plain { margin-top: 10px; background: #f1edf6; color: var(--deep); }
.alert { margin: 0 0 16px !important; padding: 12px 14px; border-radius: 12px; background: #fdecea; color: var(--bad) !important; font-size: 15px; }
.back { display: block; margin-top: 16px; text-align: center; color: var(--brand); text-decoration: none; font-size: 15px; }
.badge { display: inline-grid; place-items: center; width: 64px; height: 64px; border-radius: 50%; background: #e4f4ec; color: var(--good); font-size: 32px; line-height: 1; }
.badge.bad { background: #fdecea; color: var(--bad); }
details { margin-top: 18px; border-top: 1px solid var(--line); padding-top: 12px; color: var(--soft); font-size: 14px; }
summary { cursor: pointer; }
dl { display: grid; grid-template-columns: 1fr auto; gap: 6px 12px; margin: 10px 0 0; }
dd { margin: 0; direction: ltr; font-variant-numeric: tabular-nums; user-select: all; color: var(--ink); }
footer { display: flex; justify-content: space-between; gap: 12px; margin-top: 18px; padding: 0 4px; color: var(--soft); font-size: 13px; }
footer a { color: var(--brand); }
`;
