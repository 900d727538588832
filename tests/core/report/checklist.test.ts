import { expect, test } from 'vitest';
import { htmlReport } from '../../../src/core/report/html.ts';
import { WORDS } from '../../../src/core/report/words/index.ts';
import { CHECKS, LANGUAGES } from '../../../src/core/report/words/words.ts';
import { film, reportOn } from '../../support/reports.ts';

/** As it stands in HTML. */
const escaped = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

test.each(LANGUAGES)(
  '%s: every page says all that Sayeh does not see to, and what it did about voices',
  (language) => {
    const page = htmlReport(reportOn(film(1)), language);
    const { items, voices } = WORDS[language].checklist;
    for (const check of CHECKS) {
      expect(page, check).toContain(escaped(items[check].what));
      expect(page, check).toContain(escaped(items[check].how));
    }
    expect(page).toContain(escaped(voices));
  },
);
