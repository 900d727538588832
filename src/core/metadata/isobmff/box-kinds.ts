/**
 * Which boxes hold boxes, and how many bytes of their own come first (ISO/IEC 14496-12 and 23008-12, QuickTime
 * File Format). Anything not named here is a leaf: its bytes are shown, never guessed at.
 */
const CONTAINERS: Readonly<Record<string, number>> = {
  moov: 0,
  trak: 0,
  tref: 0,
  edts: 0,
  mdia: 0,
  minf: 0,
  dinf: 0,
  stbl: 0,
  udta: 0,
  mvex: 0,
  moof: 0,
  traf: 0,
  mfra: 0,
  gmhd: 0,
  tapt: 0,
  wave: 0,
  sinf: 0,
  schi: 0,
  ilst: 0,
  iprp: 0,
  ipco: 0,
  dref: 8,
  stsd: 8,
  iref: 4,
  grpl: 0,
  trgr: 0,
};

/** VisualSampleEntry, section 12.1.3: bytes before its boxes. */
export const VISUAL_ENTRY = 78;
/** AudioSampleEntry, section 12.2.3; QuickTime's versions 1 and 2 are longer. */
const AUDIO_ENTRY = [28, 44, 64];

/** Sample entries of pictures whose inner boxes are listed. */
const VISUAL_ENTRIES =
  'avc1 avc2 avc3 avc4 hvc1 hev1 dvh1 dvhe dva1 dvav av01 vp08 vp09 mp4v s263 jpeg mjpa apcn apch apcs apco ap4h ap4x encv';
/** Sample entries of sound. */
const AUDIO_ENTRIES =
  'mp4a Opus fLaC alac ac-3 ec-3 samr sawb sowt twos lpcm in24 in32 fl32 fl64 ipcm fpcm ulaw alaw .mp3 raw enca';
const isVisual = new Set(VISUAL_ENTRIES.split(' '));
const isAudio = new Set(AUDIO_ENTRIES.split(' '));

/**
 * Bytes between the box header and the first inner box; undefined for a leaf. `head` is the start of the box's
 * content, as much of it as 16 bytes or the box has.
 */
export function bytesBeforeChildren(type: string, parent: string, head: Uint8Array): number | undefined {
  if (parent === 'stsd') {
    if (isVisual.has(type)) return VISUAL_ENTRY;
    return isAudio.has(type) ? AUDIO_ENTRY[head[9] ?? 0] : undefined;
  }
  if (type === 'meta') return isQuickTimeMeta(head) ? 0 : 4;
  if (type === 'iinf') return head[0] === 0 ? 6 : 8;
  if (parent === 'ilst') return 0;
  // In a reference list (tref, iref) the inner boxes are leaves whatever they are called.
  return parent === 'tref' || parent === 'iref' ? undefined : CONTAINERS[type];
}

/** QuickTime's `meta` is a plain box: the type of its first inner box comes four bytes earlier than in ISO's. */
const isQuickTimeMeta = (head: Uint8Array): boolean => String.fromCharCode(...head.subarray(4, 8)) === 'hdlr';

/** In plain words, for a listing. */
const WORDS: Readonly<Record<string, string>> = {
  ftyp: 'file type',
  styp: 'segment type',
  moov: 'movie',
  mvhd: 'movie header',
  trak: 'track',
  tkhd: 'track header',
  edts: 'edits',
  elst: 'edit list',
  tref: 'references between tracks',
  mdia: 'media',
  mdhd: 'media header',
  hdlr: 'handler',
  minf: 'media information',
  vmhd: 'video header',
  smhd: 'sound header',
  stbl: 'sample table',
  stsd: 'sample descriptions',
  stts: 'times of samples',
  ctts: 'composition times',
  stss: 'sync samples',
  stsc: 'samples in chunks',
  stsz: 'sizes of samples',
  stz2: 'sizes of samples',
  stco: 'chunk offsets',
  co64: 'chunk offsets',
  udta: 'user data',
  meta: 'metadata',
  ilst: 'metadata items',
  keys: 'metadata keys',
  uuid: 'private box',
  free: 'free space',
  skip: 'free space',
  wide: 'free space',
  mdat: 'media data',
  moof: 'movie fragment',
  mvex: 'fragments follow',
  sidx: 'index of segments',
  mfra: 'index of fragments',
  emsg: 'event message',
  avcC: 'H.264 configuration',
  hvcC: 'H.265 configuration',
  av1C: 'AV1 configuration',
  colr: 'colour',
  iinf: 'list of items',
  iloc: 'where items are',
  iref: 'references between items',
  pitm: 'primary item',
  iprp: 'properties of items',
  ipco: 'properties',
  ipma: 'which item has which property',
  idat: 'data of items',
  mpvd: 'motion photo video',
  sefd: 'Samsung trailer',
  jumb: 'provenance manifest',
  thmb: 'thumbnail',
  chpl: 'chapters',
};

/** What a box is, in a few plain words. */
export const boxWords = (type: string): string => WORDS[type] ?? `box ${type}`;
