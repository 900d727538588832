import type { Finding } from './format.ts';

/** Patterns of names that cameras, phones and apps give, and what each one tells. */
const TELLING: readonly { pattern: RegExp; label: string; betrays: Finding['betrays'] }[] = [
  {
    pattern: /(19|20)\d{2}[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])/,
    label: 'a date in the file name',
    betrays: 'when',
  },
  {
    pattern: /^(IMG|VID|MVIMG|PANO|BURST|MVI)[-_]?\d/i,
    label: 'a name as phones and cameras give it',
    betrays: 'device',
  },
  { pattern: /^(PXL)_/i, label: 'a name as Google Pixel phones give it', betrays: 'device' },
  {
    pattern: /^(DSC[FN]?|_DSC|P\d{7}|GOPR|GH\d{6}|GX\d{6}|DJI)[-_]?\d*/i,
    label: 'a name as cameras give it',
    betrays: 'device',
  },
  {
    pattern: /WA\d{4}|WhatsApp|signal-|telegram|photo_\d|video_\d/i,
    label: 'a name as a messenger gives it',
    betrays: 'edited',
  },
  {
    pattern: /screen[-_ ]?shot|screen[-_ ]?recording/i,
    label: 'a name as a screen capture gets it',
    betrays: 'edited',
  },
];

/** What a file's own name gives away. `name` is without folders. */
export function inspectName(name: string): Finding[] {
  return TELLING.filter(({ pattern }) => pattern.test(name)).map(({ label, betrays }) => ({
    betrays,
    part: 'file name',
    label,
    value: name,
  }));
}
