import { SayehError } from '../../../core/errors.ts';
import { bytesInMemory } from '../../../core/metadata/byte-source.ts';
import { readNumbers, readTiff } from '../../../core/metadata/exif/ifd.ts';
import { otherType } from '../../../core/other-types.ts';

/** For a file of no known type: says what it is where that can be told. Pass the first kilobytes. */
export function unknownKind(head: Uint8Array, name: string): SayehError {
  const kind = otherType(head);
  return kind
    ? new SayehError('unsupported', `${name} is ${kind.name}; ${kind.remedy}`)
    : new SayehError(
        'unrecognised',
        `${name} is not a photo or video that Sayeh knows, whatever its name says`,
      );
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
