import { checklist } from './html/checklist.ts';
import { details } from './html/details.ts';
import { lookSection } from './html/look.ts';
import { html, Markup } from './html/markup.ts';
import { STYLE } from './html/style.ts';
import { headline, summary } from './html/summary.ts';
import type { Report } from './report.ts';
import { isolate, Speaker } from './speaker.ts';
import type { Language } from './words/words.ts';

/** Nothing is loaded and nothing runs, whatever gets into the page. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/**
 * A report as one HTML document that needs no other file, script or network: the verdict, what to look at, what only
 * a person can check, then the details.
 */
export function htmlReport(report: Report, language: Language): string {
  const speaker = new Speaker(language);
  const { words } = speaker;
  const page = html`<!doctype html>
<html lang="${words.language}" dir="${words.direction}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${words.title}: ${headline(report, speaker)}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<header><h1>${words.title}</h1><p class="brand" lang="en" dir="ltr">Sayeh</p></header>
<main>
${summary(report, speaker)}
${lookSection(report, speaker)}
${checklist(report, speaker)}
${details(report, speaker)}
</main>
<footer><p>${words.footer.betraysNothing}</p>
<p>${words.footer.keepIt}</p>
${report.date !== undefined && html`<p>${words.footer.date(isolate(report.date))}</p>`}</footer>
</body>
</html>
`;
  return page.text;
}
