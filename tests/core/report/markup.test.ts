import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeText, html, Markup } from '../../../src/core/report/html/markup.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};
/** What a browser reads out of text that holds no other entities. */
const read = (text: string) => text.replace(/&(amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity]);

/** Any text at all, with what means something in HTML more often than by chance. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '<',
        '>',
        '&',
        '"',
        "'",
        '/',
        '=',
        '`',
        '-->',
        '<!--',
        ']]>',
        'script',
        '&lt;',
        'x',
        ' ',
      ),
    )
    .map((pieces) => pieces.join('')),
);

test('whatever is put into a page comes out as text, in content and in attributes', () => {
  fc.assert(
    fc.property(anyText, anyText, (title, content) => {
      const { text } = html`<p title="${title}">${content}</p>`;
      const parts = /^<p title="([^"<>]*)">([^<>]*)<\/p>$/.exec(text);
      expect(parts).not.toBeNull();
      // Control characters and such have no place in a document and become one that has.
      const writable = (given: string) =>
        given.replace(/[^\P{Cc}\t\n]|\p{Cs}|\p{Noncharacter_Code_Point}/gu, '\uFFFD');
      expect(read(parts?.[1] ?? '')).toBe(writable(title));
      expect(read(parts?.[2] ?? '')).toBe(writable(content));
      expect((parts?.[2] ?? '').replace(/&(amp|lt|gt|quot|#39);/g, '')).not.toMatch(/[&<>"']/);
    }),
    { numRuns: 2000 },
  );
});

test('lists are written one after the other; nothing is written for what is left out', () => {
  expect(html`<b>${['<', html`<i>${'>'}</i>`, [undefined, false, 0]]}</b>`.text).toBe(
    '<b>&lt;<i>&gt;</i>0</b>',
  );
  expect(html`${new Markup('<hr>')}`.text).toBe('<hr>');
  expect(escapeText('\u0000\ud800')).toBe('\uFFFD\uFFFD');
});
