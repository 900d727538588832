/** What else a reader should know about how a file was written. */
export const NOTE_CODES = [
  'list-full',
  'hdr-film',
  'odd-size',
  'streams-left-out',
  'pages-left-out',
  'hdr-photo',
  'wide-colours',
  'transparency',
  'animation',
  'more-in-terminal',
] as const;
export type NoteCode = (typeof NOTE_CODES)[number];

/** Warnings as the writers word them; `undefined` where the report says it in a place of its own. */
const WORDED: readonly (readonly [NoteCode | undefined, RegExp])[] = [
  [undefined, /^Faces were looked for in one frame of/],
  [undefined, /^The sound was kept/],
  [undefined, /^The written file still shows/],
  ['hdr-film', /^The film was HDR/],
  ['odd-size', /^The film has an odd size/],
  ['streams-left-out', /^Left out beside picture and sound/],
  ['pages-left-out', /^only the main picture is read|pages have another size|only the one that viewers show/],
  ['hdr-photo', /high dynamic range/],
  ['wide-colours', /wider range than sRGB/],
  ['transparency', /^transparent places/],
  ['animation', /^the picture is animated/],
];

/**
 * Warnings as codes, each once. One that this list does not know is only pointed to: it is English, and may hold
 * what a report must not.
 */
export function noteCodes(warnings: readonly string[]): NoteCode[] {
  const found = new Set<NoteCode | undefined>(
    warnings.map((warning) => {
      const known = WORDED.find(([, words]) => words.test(warning));
      return known ? known[0] : 'more-in-terminal';
    }),
  );
  return NOTE_CODES.filter((code) => found.has(code));
}
