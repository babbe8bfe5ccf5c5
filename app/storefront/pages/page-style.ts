// How the review pages look: the shop's own page in neutral colours, one column from 320 pixels up, light and dark.
// Sizes are relative to the reader's font size, so that 200 % zoom is the same page. Pure.
import { markup } from "./html";

/** Five-pointed, drawn without a picture. */
const STAR = "polygon(50% 3%,62% 36%,97% 37%,69% 58%,79% 92%,50% 72%,21% 92%,31% 58%,3% 37%,38% 36%)";

export const PAGE_STYLE = markup`
:root { color-scheme: light dark; --page: #f6f6f4; --card: #fff; --ink: #1c1e21; --soft: #55595f; --line: #d5d6d2; --field: #85898f; --act: #1c1e21; --on-act: #fff; --star: #b45309; --off: #c9cbc6; --bad: #b3261e; --bad-back: #fdf0ee; --good-back: #eef5ee; --good: #22663a; --focus: #0b57d0; }
@media (prefers-color-scheme: dark) {
  :root { --page: #131416; --card: #1d1f22; --ink: #f1f2f3; --soft: #b3b7bd; --line: #3a3d42; --field: #8b9097; --act: #f1f2f3; --on-act: #17181a; --star: #fbbf24; --off: #4b4f55; --bad: #ffb4ab; --bad-back: #3a1f1c; --good-back: #1b2c20; --good: #8fd6a3; --focus: #8ab4ff; }
}
*, ::before, ::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink); font: 1rem/1.65 system-ui, -apple-system, "Segoe UI", "Hiragino Sans", "Hiragino Kaku Gothic ProN", "Noto Sans JP", Meiryo, sans-serif; overflow-wrap: anywhere; text-wrap: pretty; word-break: auto-phrase; }
:lang(ja) { line-height: 1.8; line-break: strict; }
header, main, footer { width: 100%; max-width: 42rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 1.25rem; padding-bottom: 1.25rem; }
header p { margin: 0; font-weight: 600; letter-spacing: 0.01em; }
main { padding-bottom: 3rem; }
footer { padding-bottom: 2.5rem; color: var(--soft); font-size: 0.875rem; }
h1 { margin: 0.25rem 0 0.5rem; font-size: 1.75rem; line-height: 1.3; letter-spacing: -0.01em; text-wrap: balance; }
h2 { margin: 0; font-size: 1.125rem; line-height: 1.45; }
:lang(ja) h1 { font-size: 1.5rem; letter-spacing: 0; line-height: 1.5; }
:lang(ja) :is(h1, h2) { word-break: auto-phrase; }
h3 { margin: 0 0 0.25rem; font-size: 1rem; }
p { margin: 0 0 0.75rem; }
.soft, .hint { color: var(--soft); }
.hint { margin: 0.125rem 0 0.375rem; font-size: 0.875rem; }
.card { margin: 0 0 1rem; padding: 1.25rem 1.25rem 1.5rem; background: var(--card); border: 1px solid var(--line); border-radius: 14px; }
.card > .field:first-child { margin-top: 0; }
.card > h2 + .notice, .notice > ul + .hint { margin-top: 0.75rem; }
.card > *:last-child { margin-bottom: 0; }
.notice { margin: 0 0 1rem; padding: 0.875rem 1rem; border-radius: 10px; border: 1px solid currentColor; }
.notice > *:last-child { margin-bottom: 0; }
.notice.bad { background: var(--bad-back); color: var(--bad); }
.notice.good { background: var(--good-back); color: var(--good); }
.notice.plain { border-color: var(--line); background: var(--card); }
fieldset { margin: 0; padding: 0; border: 0; min-width: 0; }
legend, .label { display: block; padding: 0; margin: 0; font-weight: 600; }
.field { margin: 1.125rem 0 0; }
.tag { font-weight: 400; font-size: 0.8125rem; color: var(--soft); margin-inline-start: 0.375rem; white-space: nowrap; }
input[type="text"], input[type="email"], textarea, select { display: block; width: 100%; min-height: 2.75rem; margin: 0.25rem 0 0; padding: 0.5625rem 0.75rem; border: 1px solid var(--field); border-radius: 9px; background: var(--card); color: inherit; font: inherit; line-height: 1.5; }
textarea { min-height: 7.5rem; resize: vertical; }
[aria-invalid="true"] { border-color: var(--bad); }
.error { display: block; margin: 0.25rem 0 0; color: var(--bad); font-weight: 600; font-size: 0.9375rem; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
button, .button { display: inline-flex; align-items: center; justify-content: center; min-height: 2.875rem; padding: 0.5rem 1.5rem; border: 1px solid var(--act); border-radius: 10px; background: var(--act); color: var(--on-act); font: inherit; font-weight: 600; text-decoration: none; text-align: center; cursor: pointer; }
button.plain, .button.plain { background: transparent; color: var(--ink); border-color: var(--field); }
button.danger { background: transparent; color: var(--bad); border-color: currentColor; }
.send { width: 100%; min-height: 3.25rem; font-size: 1.0625rem; }
a { color: inherit; text-underline-offset: 0.2em; }
a:not(.button) { display: inline-block; padding: 0.5625rem 0; min-height: 2.75rem; }
summary { display: flex; align-items: center; min-height: 2.75rem; cursor: pointer; font-weight: 600; text-decoration: underline; text-underline-offset: 0.2em; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary::before { content: "+" / ""; width: 1.25rem; font-size: 1.25rem; line-height: 1; }
[open] > summary::before { content: "−" / ""; }
details { margin: 0.75rem 0 0; }
.stars { margin: 0.75rem 0 0; }
.stars .row { position: relative; display: flex; width: max-content; max-width: 100%; }
.stars input { position: absolute; width: 2.875rem; height: 2.875rem; margin: 0; opacity: 0; cursor: pointer; }
.stars label { display: block; flex: 0 0 auto; width: 2.875rem; height: 2.875rem; padding: 0.3125rem; cursor: pointer; }
.star {
  display: block;
  width: 100%;
  height: 100%;
  background: var(--off);
  clip-path: ${STAR};
  forced-color-adjust: none;
}
.row:has(:checked) { padding-bottom: 1.75rem; }
.row:has(:checked) .star { background: var(--star); }
.row input:checked + label ~ label .star { background: var(--off); }
@media (hover: hover) {
  .row:has(label:hover) .star { background: var(--star); }
  .row label:hover ~ label .star { background: var(--off); }
}
.row .word { position: absolute; inset-inline-start: 0.375rem; bottom: 0; font-size: 0.9375rem; font-weight: 600; white-space: nowrap; visibility: hidden; pointer-events: none; }
.row input:checked + label .word { visibility: visible; }
.stars input:focus-visible + label { outline: 3px solid var(--focus); outline-offset: -1px; border-radius: 9px; }
@supports not selector(:has(*)) {
  .stars .row { flex-direction: column; padding: 0; }
  .stars label { width: auto; padding-inline-start: 3.25rem; }
  .stars .star { display: none; }
  .row .word { position: static; visibility: visible; font-weight: 400; }
  .stars input { opacity: 1; left: 0; }
}
.shown { display: flex; gap: 0.125rem; margin: 0.25rem 0 0.75rem; }
.shown .star { width: 1.25rem; height: 1.25rem; }
.shown .on { background: var(--star); }
.options { display: flex; flex-wrap: wrap; gap: 0.5rem; margin-top: 0.375rem; }
.options label { position: relative; display: flex; align-items: center; min-height: 2.75rem; padding: 0.375rem 1rem; border: 1px solid var(--field); border-radius: 1.375rem; cursor: pointer; }
.options input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: pointer; }
.options label:has(:checked) { background: var(--act); color: var(--on-act); border-color: var(--act); }
.options label:has([value=""]:checked) { background: transparent; color: var(--soft); border-style: dashed; border-color: var(--field); }
.options label:has(:focus-visible) { outline: 3px solid var(--focus); outline-offset: 2px; }
@supports not selector(:has(*)) {
  .options input { position: static; width: 1.25rem; height: 1.25rem; opacity: 1; margin-inline-end: 0.5rem; }
}
.choices label, .check { display: flex; gap: 0.75rem; align-items: flex-start; padding: 0.5rem 0; min-height: 2.75rem; cursor: pointer; }
.choices input, .check input { flex: none; width: 1.5rem; height: 1.5rem; margin: 0.0625rem 0 0; accent-color: var(--act); }
@supports selector(:has(*)) {
  .product.folds:not(:has(.stars :checked)) .rest { display: none; }
}
input[type="file"] { display: block; width: 100%; margin: 0.375rem 0 0; padding: 0.5625rem 0.75rem; min-height: 2.75rem; border: 1px dashed var(--field); border-radius: 9px; color: var(--soft); font: inherit; font-size: 0.9375rem; }
input[type="file"]::file-selector-button { min-height: 1.75rem; margin-inline-end: 0.75rem; padding: 0.125rem 0.875rem; border: 1px solid var(--field); border-radius: 7px; background: transparent; color: var(--ink); font: inherit; cursor: pointer; }
.files { display: grid; gap: 0.75rem; margin: 0.75rem 0; padding: 0; list-style: none; }
.files:not(:has(li)) { display: none; }
.files li { display: grid; grid-template-columns: 5rem 1fr; gap: 0.75rem; align-items: start; }
.files img, .files canvas, .files video { width: 5rem; height: 5rem; object-fit: cover; border-radius: 9px; background: var(--off); }
.files .hint { margin: 0; }
.files button { min-height: 2.75rem; padding: 0.25rem 0.875rem; margin-top: 0.375rem; }
progress { width: 100%; height: 0.5rem; accent-color: var(--star); }
blockquote { margin: 0 0 0.75rem; white-space: pre-wrap; }
dl { margin: 0 0 0.75rem; }
dt { font-weight: 600; }
dd { margin: 0 0 0.5rem; white-space: pre-wrap; }
ul.plain { margin: 0.25rem 0 0; padding-inline-start: 1.25rem; }
ul.plain li { margin: 0.125rem 0; }
.badge { display: inline-block; margin: 0 0 0.5rem; padding: 0.125rem 0.75rem; border: 1px solid var(--line); border-radius: 1rem; font-size: 0.875rem; font-weight: 600; }
.thumbs { display: flex; flex-wrap: wrap; gap: 0.5rem; margin: 0 0 0.75rem; padding: 0; list-style: none; }
.thumbs img { display: block; width: 5rem; height: 5rem; object-fit: cover; border-radius: 9px; }
.sr { position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; border: 0; }
[hidden] { display: none !important; }
@media (min-width: 40rem) {
  main, header, footer { padding-inline: 1.5rem; }
  .card { padding: 1.75rem 1.75rem 2rem; }
  .send { width: auto; min-width: 16rem; }
}
@media (prefers-reduced-motion: no-preference) {
  button, .button, .star, .options label { transition: background-color 0.12s, color 0.12s; }
}
`;
