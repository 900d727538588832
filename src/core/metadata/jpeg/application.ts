import { latin1 } from '../still/bytes.ts';

/** What an application segment is, by its marker and the text it starts with. */
export type ApplicationKind =
  | 'jfif'
  | 'jfxx'
  | 'exif'
  | 'xmp'
  | 'xmp-extension'
  | 'icc'
  | 'mpf'
  | 'gain-map'
  | 'jumbf'
  | 'photoshop'
  | 'adobe'
  | 'thermal'
  | 'camera'
  | 'unknown';

interface Signature {
  readonly segment: string;
  readonly starts: string;
  readonly kind: ApplicationKind;
  readonly what: string;
}

const row = (segment: string, starts: string, kind: ApplicationKind, what: string): Signature => ({
  segment,
  starts,
  kind,
  what,
});

const SIGNATURES: readonly Signature[] = [
  row('APP0', 'JFIF\0', 'jfif', 'JFIF header'),
  row('APP0', 'JFXX\0', 'jfxx', 'JFIF extension with a thumbnail'),
  row('APP0', 'AVI1', 'camera', 'Motion JPEG header'),
  row('APP1', 'Exif\0', 'exif', 'EXIF block'),
  row('APP1', 'http://ns.adobe.com/xap/1.0/\0', 'xmp', 'XMP packet'),
  row('APP1', 'http://ns.adobe.com/xmp/extension/\0', 'xmp-extension', 'extended XMP'),
  row('APP1', 'FLIR\0', 'thermal', 'FLIR thermal picture'),
  row('APP2', 'ICC_PROFILE\0', 'icc', 'colour profile'),
  row('APP2', 'MPF\0', 'mpf', 'index of further pictures (MPF)'),
  row('APP2', 'urn:iso:std:iso:ts:21496', 'gain-map', 'HDR gain map data'),
  row('APP2', 'FPXR\0', 'camera', 'FlashPix data'),
  row('APP4', 'SAMSUNG', 'camera', 'Samsung camera data'),
  row('APP5', 'ssuniqueid\0', 'camera', 'Samsung unique number'),
  row('APP5', 'Ricoh', 'camera', 'Ricoh camera data'),
  row('APP6', 'GoPro\0', 'camera', 'GoPro camera data'),
  row('APP6', 'EPPIM\0', 'camera', 'Toshiba camera data'),
  row('APP11', 'JP', 'jumbf', 'JUMBF box'),
  row('APP11', 'HDR_RI', 'gain-map', 'HDR gain map data'),
  row('APP12', 'Ducky', 'camera', 'Photoshop "save for web" settings'),
  row('APP13', 'Photoshop 3.0\0', 'photoshop', 'Photoshop block'),
  row('APP13', 'Adobe_Photoshop2.5', 'photoshop', 'Photoshop block'),
  row('APP14', 'Adobe', 'adobe', 'Adobe colour transform'),
];

/** How many bytes of content `identify` wants to see. */
export const IDENTIFIER_LENGTH = 40;

/** Tells what the application segment `segment` (`APP0` to `APP15`) is by the first bytes of its content. */
export function identify(segment: string, head: Uint8Array): { kind: ApplicationKind; what: string } {
  const text = latin1(head);
  return (
    SIGNATURES.find((signature) => signature.segment === segment && text.startsWith(signature.starts)) ?? {
      kind: 'unknown',
      what: 'application data of an unknown kind',
    }
  );
}
