/** Everything inline: a report is one file, and its policy lets it load nothing. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f6f4; --paper: #fff; --ink: #1b1d20; --soft: #54585e; --line: #d9dadc; --track: #e3e4e6;
  --stop: #9c1c14; --stop-paper: #fdeeec; --stop-line: #e3a49e;
  --look: #744700; --look-paper: #fdf3dc; --look-line: #dfbf7d;
  --calm: #16583a; --calm-paper: #e9f5ee; --calm-line: #9fcdb3;
  --covered: #6a7684; --mark: #b3261e;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #131517; --paper: #1b1e21; --ink: #e9eaec; --soft: #b1b5ba; --line: #373b40; --track: #33373c;
    --stop: #ffb3a8; --stop-paper: #391a17; --stop-line: #7d3a33;
    --look: #f6cd7c; --look-paper: #322611; --look-line: #6d5524;
    --calm: #95d9b2; --calm-paper: #14291f; --calm-line: #33604a;
    --covered: #8b97a5; --mark: #ff8a7d;
  }
}
* { box-sizing: border-box; }
html { font: 100%/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
html:lang(fa), html:lang(ar) { font-family: "Vazirmatn", "Segoe UI", "SF Arabic", "Noto Sans Arabic", "Geeza Pro", Tahoma, system-ui, sans-serif; line-height: 1.8; }
body { margin: 0; background: var(--page); color: var(--ink); }
header, main, footer { max-width: 46rem; margin-inline: auto; padding-inline: 1.25rem; }
header { padding-block: 1.5rem .75rem; display: flex; align-items: baseline; justify-content: space-between; gap: 1rem; }
h1, h2, h3, h4, p, ul, ol, dl, dd, figure { margin: 0; padding: 0; }
ul, ol { list-style: none; }
h1 { font-size: 1rem; font-weight: 600; color: var(--soft); }
h2 { font-size: 1.375rem; line-height: 1.35; font-weight: 650; }
h3 { font-size: 1.0625rem; line-height: 1.45; font-weight: 650; }
h4 { font-size: 1rem; font-weight: 650; }
.brand { font-weight: 700; color: var(--soft); }
.soft { color: var(--soft); }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
section + section { margin-top: 2.5rem; }
section > h2 + * { margin-top: .5rem; }
a { color: inherit; text-underline-offset: .2em; }
:focus-visible { outline: 3px solid currentColor; outline-offset: 2px; border-radius: 3px; }

.verdict { border: 1px solid; border-radius: .75rem; padding: 1.25rem 1.5rem; display: grid; grid-template-columns: auto 1fr; column-gap: 1rem; }
.verdict > .points { grid-column: 2; }
.verdict > svg { width: 2.25rem; height: 2.25rem; margin-top: .1rem; }
.verdict h2 { font-size: 1.75rem; line-height: 1.25; }
html:lang(fa) .verdict h2, html:lang(ar) .verdict h2 { line-height: 1.5; }
.verdict .text { margin-top: .35rem; font-size: 1.0625rem; color: var(--ink); }
.points { margin-top: .75rem; color: var(--ink); }
.points li + li { margin-top: .2rem; }
.stop { color: var(--stop); border-color: var(--stop-line); background: var(--stop-paper); }
.look { color: var(--look); border-color: var(--look-line); background: var(--look-paper); }
.calm { color: var(--calm); border-color: var(--calm-line); background: var(--calm-paper); }

.files, .moments, .checks { background: var(--paper); border: 1px solid var(--line); border-radius: .75rem; }
.files > li + li, .moments > li + li, .checks > li + li { border-top: 1px solid var(--line); }
.files > li { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .75rem; padding: .6rem 1rem; }
.files a { font-weight: 600; min-height: 1.5rem; }
.files code { font-size: .875rem; color: var(--soft); }
.pill { display: inline-flex; align-items: center; gap: .35rem; border: 1px solid; border-radius: 1rem; padding: 0 .65rem; font-size: .875rem; line-height: 1.6; font-weight: 500; white-space: nowrap; }
.pill svg { width: 1rem; height: 1rem; }
.files .pill { margin-inline-start: auto; }

.group + .group { margin-top: 2rem; }
.group > * + * { margin-top: .75rem; }
.facts { color: var(--soft); }
.timeline svg { display: block; width: 100%; height: 1.75rem; border-radius: .25rem; }
.timeline .ends { display: flex; justify-content: space-between; font-size: .875rem; color: var(--soft); margin-top: .15rem; font-variant-numeric: tabular-nums; }
.legend { display: flex; flex-wrap: wrap; gap: .1rem 1.25rem; font-size: .875rem; color: var(--soft); margin-top: .25rem; }
.legend span { display: inline-flex; align-items: center; gap: .4rem; }
.legend svg { width: 1rem; height: .7rem; }
.f-track { fill: var(--track); } .f-covered { fill: var(--covered); } .f-mark { fill: var(--mark); }

.moments > li { display: grid; grid-template-columns: 1fr auto; gap: .15rem 1rem; padding: .8rem 1rem; break-inside: avoid; }
.moments .head { display: flex; flex-wrap: wrap; align-items: center; gap: .15rem .75rem; }
.moments label { display: inline-flex; align-items: center; gap: .7rem; min-height: 1.75rem; cursor: pointer; }
.moments .time { font-size: 1.25rem; font-weight: 650; line-height: 1.4; font-variant-numeric: tabular-nums; }
.moments .body { grid-column: 1; padding-inline-start: 2.1rem; }
.moments .where { font-size: .9375rem; color: var(--soft); }
.moments .map { grid-column: 2; grid-row: 1 / span 2; align-self: center; }
.map svg { display: block; height: 3.5rem; width: auto; max-width: 6.25rem; background: var(--track); outline: 1px solid var(--covered); }
.map .spot { fill: var(--mark); }
.map .other { fill: var(--covered); }
.level { font-size: .875rem; }
.level.high { color: var(--stop); font-weight: 650; }
.level.medium { color: var(--look); }
.level.low { color: var(--soft); }
input[type="checkbox"] { appearance: none; -webkit-appearance: none; display: grid; place-content: center; flex: none; width: 1.4rem; height: 1.4rem; margin: 0; border: 2px solid var(--soft); border-radius: .3rem; background: var(--paper); color: var(--calm); cursor: pointer; }
input[type="checkbox"]::before { content: ""; width: .8rem; height: .8rem; background: currentColor; clip-path: polygon(12% 46%, 0 60%, 38% 96%, 100% 18%, 86% 6%, 37% 68%); transform: scale(0); print-color-adjust: exact; -webkit-print-color-adjust: exact; }
input[type="checkbox"]:checked { border-color: currentColor; }
input[type="checkbox"]:checked::before { transform: none; }
@media (forced-colors: active) { input[type="checkbox"] { appearance: auto; -webkit-appearance: auto; } }

section > p + h3, .checks + h3 { margin-top: 1.5rem; }
h3:has(.pill) { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .6rem; }
section > h2 + .group { margin-top: .75rem; }
h3 + .checks { margin-top: .5rem; }
.checks > li { break-inside: avoid; }
.checks label, .checks .given { display: flex; align-items: flex-start; gap: .8rem; padding: .6rem 1rem; cursor: pointer; }
.checks .given { cursor: auto; }
.checks label > input { margin-top: .1rem; }
.checks .given > svg { width: 1.4rem; height: 1.4rem; margin-top: .1rem; flex: none; color: var(--calm); }
.checks strong { font-weight: 650; display: block; }
.checks .how { color: var(--soft); }

.sheet > * + * { margin-top: .4rem; }
.sheet > h4 { margin-top: 1.1rem; }
.spans { display: grid; grid-template-columns: repeat(auto-fill, minmax(10.5rem, 1fr)); gap: .1rem 1rem; font-size: .9375rem; font-variant-numeric: tabular-nums; }
.pairs { display: grid; grid-template-columns: minmax(8.5rem, auto) 1fr; gap: .3rem 1.25rem; }
.pairs dt { color: var(--soft); }
.pairs dd { min-width: 0; overflow-wrap: anywhere; }
code { font: .875em ui-monospace, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
code.hash { font-size: .8125em; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; vertical-align: top; padding: .35rem 0; padding-inline-end: 1.25rem; border-top: 1px solid var(--line); font-weight: 400; }
thead th { color: var(--soft); border-top: 0; font-size: .875rem; }
footer { margin-top: 2.5rem; padding-block: 1.25rem 3rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .9375rem; }
footer p + p { margin-top: .35rem; }

@media (max-width: 32rem) {
  header, main, footer { padding-inline: 1rem; }
  .verdict { padding: 1rem; column-gap: .75rem; }
  .verdict h2 { font-size: 1.4375rem; }
  .verdict > .points { grid-column: 2; }
.verdict > svg { width: 1.75rem; height: 1.75rem; }
  .verdict > .points { grid-column: 1 / -1; }
  .pairs { grid-template-columns: 1fr; gap: 0; }
  .pairs dd { margin-bottom: .5rem; }
  .map svg { height: 2.75rem; max-width: 4.5rem; }
  .files .pill { margin-inline-start: 0; }
}
@page { margin: 16mm 15mm; }
@media print {
  :root { color-scheme: light; --page: #fff; --paper: #fff; }
  html { font-size: 10.5pt; }
  header, main, footer { max-width: none; padding-inline: 0; }
  header { padding-block: 0 .5rem; }
  h2, h3, h4 { break-after: avoid; break-inside: avoid; }
  .verdict, .timeline, .files > li, tr { break-inside: avoid; }
  svg, .verdict, .pill { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  section + section { margin-top: 1.75rem; }
}
`;
