/** Container formats told apart by content. */
export type PhotoFormat = 'jpeg' | 'png' | 'webp' | 'avif' | 'heif' | 'tiff' | 'gif';
export type VideoFormat = 'mp4' | 'mov' | 'matroska' | 'avi' | 'mpegts';
export type MediaFormat = PhotoFormat | VideoFormat;
export type MediaType =
  | { readonly kind: 'photo'; readonly format: PhotoFormat }
  | { readonly kind: 'video'; readonly format: VideoFormat };

/** How many bytes from the start of a file `sniff` wants; fewer are fine if the file is shorter. */
export const SNIFF_LENGTH = 4096;

/**
 * Tells a file's type by its first bytes, never by its name. Answers undefined for what Sayeh does not take.
 * An ISO base media file is told by its brands (ISO/IEC 14496-12 section 4.3); one with no `ftyp` box, as old
 * QuickTime writes, by its first box.
 */
export function sniff(head: Uint8Array): MediaType | undefined {
  const text = (offset: number, length: number) =>
    String.fromCharCode(...head.subarray(offset, offset + length));
  const starts = (...bytes: number[]) => bytes.every((byte, i) => head[i] === byte);

  if (starts(0xff, 0xd8, 0xff)) return photo('jpeg');
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return photo('png');
  if (text(0, 6) === 'GIF87a' || text(0, 6) === 'GIF89a') return photo('gif');
  if (text(0, 4) === 'RIFF' && text(8, 4) === 'WEBP') return photo('webp');
  if (text(0, 4) === 'RIFF' && (text(8, 4) === 'AVI ' || text(8, 4) === 'AVIX')) return video('avi');
  if (
    starts(0x49, 0x49, 0x2a, 0) ||
    starts(0x4d, 0x4d, 0, 0x2a) ||
    starts(0x49, 0x49, 0x2b, 0) ||
    starts(0x4d, 0x4d, 0, 0x2b)
  )
    return photo('tiff');
  if (starts(0x1a, 0x45, 0xdf, 0xa3)) return video('matroska');
  if (isTransportStream(head)) return video('mpegts');

  const box = text(4, 4);
  if (box === 'ftyp') return baseMedia(head, text);
  if (['moov', 'mdat', 'wide', 'free', 'skip', 'pnot'].includes(box)) return video('mov');
  return undefined;
}

const photo = (format: PhotoFormat): MediaType => ({ kind: 'photo', format });
const video = (format: VideoFormat): MediaType => ({ kind: 'video', format });

const AVIF_BRANDS = new Set(['avif', 'avis']);
const HEIF_BRANDS = new Set([
  'heic',
  'heix',
  'heim',
  'heis',
  'hevc',
  'hevx',
  'hevm',
  'hevs',
  'mif1',
  'msf1',
  'mif2',
]);

function baseMedia(
  head: Uint8Array,
  text: (offset: number, length: number) => string,
): MediaType | undefined {
  const size = ((head[0] << 24) | (head[1] << 16) | (head[2] << 8) | head[3]) >>> 0;
  const end = Math.min(size, head.length);
  const major = text(8, 4);
  const compatible: string[] = [];
  for (let at = 16; at + 4 <= end; at += 4) compatible.push(text(at, 4));

  // A still picture's major brand may be the general `mif1`; the codec then shows in the compatible brands.
  const brands = [major, ...compatible];
  if (AVIF_BRANDS.has(major)) return photo('avif');
  if (HEIF_BRANDS.has(major)) return photo(brands.some((brand) => AVIF_BRANDS.has(brand)) ? 'avif' : 'heif');
  if (major === 'qt  ') return video('mov');
  if (major === 'crx ' || major === 'jxl ') return undefined;
  if (major.startsWith('M4A') || major.startsWith('M4B')) return undefined;
  return video('mp4');
}

/** 188-byte packets (or 192 with the 4-byte time code of M2TS), each starting with the sync byte 0x47. */
function isTransportStream(head: Uint8Array): boolean {
  for (const [first, stride] of [
    [0, 188],
    [4, 192],
  ]) {
    const packets = Math.min(5, Math.floor((head.length - first) / stride));
    let synced = 0;
    while (synced < packets && head[first + synced * stride] === 0x47) synced++;
    if (packets >= 2 && synced === packets) return true;
  }
  return false;
}
