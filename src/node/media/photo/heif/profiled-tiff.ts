const SHORT = 3;
const LONG = 4;
const UNDEFINED = 7;

/**
 * Wraps interleaved 8-bit RGB and an ICC profile in an uncompressed TIFF (TIFF 6.0 sections 2 and 6; ICC.1:2022
 * annex B.4). sharp converts colours only by a profile that came with a picture, so this is how samples decoded
 * elsewhere are put before it.
 */
export function profiledTiff(
  rgb: Uint8Array,
  width: number,
  height: number,
  profile: Uint8Array,
): Uint8Array {
  const entries = 10;
  const bitsAt = 8 + 2 + entries * 12 + 4;
  const profileAt = bitsAt + 6;
  const pixelsAt = profileAt + profile.length + (profile.length % 2);
  const file = new Uint8Array(pixelsAt + rgb.length);
  const view = new DataView(file.buffer);
  view.setUint32(0, 0x49492a00); // II, 42: little-endian
  view.setUint32(4, 8, true);
  view.setUint16(8, entries, true);
  let at = 10;
  const entry = (tag: number, type: number, count: number, value: number) => {
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, count, true);
    view.setUint32(at + 8, value, true);
    at += 12;
  };
  entry(256, LONG, 1, width);
  entry(257, LONG, 1, height);
  entry(258, SHORT, 3, bitsAt);
  entry(259, SHORT, 1, 1); // not compressed
  entry(262, SHORT, 1, 2); // RGB
  entry(273, LONG, 1, pixelsAt);
  entry(277, SHORT, 1, 3); // samples a pixel
  entry(278, LONG, 1, height); // one strip
  entry(279, LONG, 1, rgb.length);
  entry(34_675, UNDEFINED, profile.length, profileAt);
  for (let i = 0; i < 3; i++) view.setUint16(bitsAt + i * 2, 8, true);
  file.set(profile, profileAt);
  file.set(rgb, pixelsAt);
  return file;
}
