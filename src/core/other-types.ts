/** A kind of file that Sayeh does not take but can name. */
export interface OtherType {
  readonly name: string;
  /** What its owner can do. */
  readonly remedy: string;
}

const SAVE = 'save it as JPEG, PNG or TIFF first';
const DEVELOP = 'develop it to JPEG or TIFF first';
const NO_PICTURES = 'there are no pictures in it, and Sayeh takes photos and films only';

const row = (name: string, remedy: string, is: (head: string) => boolean) => ({ name, remedy, is });

/** Told by their first bytes; the first row that fits counts. */
const KINDS: readonly (OtherType & { readonly is: (head: string) => boolean })[] = [
  row('a Canon CR3 raw photo', DEVELOP, (head) => head.startsWith('ftypcrx ', 4)),
  row('a JPEG XL picture', SAVE, (head) => head.startsWith('JXL ', 4) || head.startsWith('\xff\x0a')),
  row('a Fujifilm raw photo', DEVELOP, (head) => head.startsWith('FUJIFILMCCD-RAW')),
  row('a Panasonic raw photo', DEVELOP, (head) => head.startsWith('IIU\0')),
  row('an Olympus raw photo', DEVELOP, (head) => /^(IIR[OS]|MMOR)/.test(head)),
  row('a Sigma raw photo', DEVELOP, (head) => head.startsWith('FOVb')),
  row('a Minolta raw photo', DEVELOP, (head) => head.startsWith('\0MRM')),
  row('an older Canon raw photo', DEVELOP, (head) => head.startsWith('HEAPCCDR', 6)),
  row(
    'a JPEG 2000 picture',
    SAVE,
    (head) => head.startsWith('jP  ', 4) || head.startsWith('\xff\x4f\xff\x51'),
  ),
  row('a Photoshop document', SAVE, (head) => head.startsWith('8BPS')),
  row('a Windows bitmap', SAVE, (head) => head.startsWith('BM')),
  row('a PDF document', SAVE, (head) => head.startsWith('%PDF')),
  row('an SVG drawing', SAVE, (head) => /^(\xef\xbb\xbf)?\s*</.test(head) && head.includes('<svg')),
  row('a sound recording (M4A)', NO_PICTURES, (head) => /^ftypM4[AB]/.test(head.slice(4))),
  row('a sound recording (MP3)', NO_PICTURES, (head) => /^(ID3|\xff[\xfa\xfb\xf2\xf3])/.test(head)),
  row('a sound recording (WAV)', NO_PICTURES, (head) => /^RIFF[\s\S]{4}WAVE/.test(head)),
  row('a sound recording (FLAC)', NO_PICTURES, (head) => head.startsWith('fLaC')),
  row('a sound recording (AMR)', NO_PICTURES, (head) => head.startsWith('#!AMR')),
  row('an Ogg file', 'save it as MP4 or MKV first', (head) => head.startsWith('OggS')),
  row('a Windows Media file', 'save it as MP4 first', (head) =>
    head.startsWith('\x30\x26\xb2\x75\x8e\x66\xcf\x11'),
  ),
  row('a Flash video', 'save it as MP4 first', (head) => head.startsWith('FLV\x01')),
  row('a ZIP archive or office document', 'take the pictures out of it first', (head) =>
    head.startsWith('PK\x03\x04'),
  ),
];

/** What a file is whose type `sniff` does not know; undefined where nobody can tell. Pass the first kilobytes. */
export function otherType(head: Uint8Array): OtherType | undefined {
  let text = '';
  for (const byte of head.subarray(0, 4096)) text += String.fromCharCode(byte);
  return KINDS.find(({ is }) => is(text));
}
