import { SayehError } from '../../../core/errors.ts';
import { bytesInMemory } from '../../../core/metadata/byte-source.ts';
import { readNumbers, readTiff } from '../../../core/metadata/exif/ifd.ts';

/** Kinds of picture that Sayeh does not take, told by their first bytes. */
const KINDS: readonly { readonly name: string; readonly is: (head: string) => boolean }[] = [
  { name: 'a Canon CR3 raw photo', is: (head) => head.startsWith('ftypcrx ', 4) },
  { name: 'a JPEG XL picture', is: (head) => head.startsWith('JXL ', 4) || head.startsWith('\xff\x0a') },
  { name: 'a Fujifilm raw photo', is: (head) => head.startsWith('FUJIFILMCCD-RAW') },
  { name: 'a Panasonic raw photo', is: (head) => head.startsWith('IIU\0') },
  { name: 'an Olympus raw photo', is: (head) => /^(IIR[OS]|MMOR)/.test(head) },
  { name: 'a Sigma raw photo', is: (head) => head.startsWith('FOVb') },
  {
    name: 'a JPEG 2000 picture',
    is: (head) => head.startsWith('jP  ', 4) || head.startsWith('\xff\x4f\xff\x51'),
  },
  { name: 'a Photoshop document', is: (head) => head.startsWith('8BPS') },
  { name: 'a Windows bitmap', is: (head) => head.startsWith('BM') },
  { name: 'a PDF document', is: (head) => head.startsWith('%PDF') },
  { name: 'an SVG drawing', is: (head) => /^(\xef\xbb\xbf)?\s*</.test(head) && head.includes('<svg') },
];

/** For a file of no known type: says what it is where that can be told. Pass the first kilobytes. */
export function unknownKind(head: Uint8Array, name: string): SayehError {
  const text = new TextDecoder('latin1').decode(head);
  const kind = KINDS.find(({ is }) => is(text));
  return kind
    ? new SayehError('unsupported', `${name} is ${kind.name}; save it as JPEG, PNG or TIFF first`)
    : new SayehError('unrecognised', `${name} is not a photo that Sayeh knows, whatever its name says`);
}

const PHOTOMETRIC = 262;
/** Colour filter array and linear raw: TIFF/EP (ISO 12234-2), DNG 1.7. */
const RAW_PHOTOMETRICS = new Set([32_803, 34_892]);
const DNG_VERSION = 50_706;

/**
 * Refuses raw photos that are TIFF files by structure (DNG, CR2, NEF, ARW, PEF). What a TIFF reader makes of them is a
 * thumbnail. Throws SayehError 'unsupported'.
 */
export async function refuseRaw(file: Uint8Array, name: string): Promise<void> {
  if (await isRaw(file)) {
    throw new SayehError(
      'unsupported',
      `${name} is a raw photo (such as DNG); save it as JPEG or TIFF first`,
    );
  }
}

async function isRaw(file: Uint8Array): Promise<boolean> {
  if (file[8] === 0x43 && file[9] === 0x52) return true; // CR2 says "CR" behind the header
  const source = bytesInMemory(file);
  const structure = await readTiff(source);
  for (const entry of structure?.ifds.flatMap(({ entries }) => entries) ?? []) {
    if (entry.tag === DNG_VERSION) return true;
    if (entry.tag !== PHOTOMETRIC || !structure) continue;
    const [photometric] = await readNumbers(source, structure, entry, 1);
    if (RAW_PHOTOMETRICS.has(photometric)) return true;
  }
  return false;
}
