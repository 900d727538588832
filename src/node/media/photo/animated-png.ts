const SIGNATURE_LENGTH = 8;
/** Length, type and CRC. */
const AROUND_DATA = 12;

/** Whether a PNG has the animation control chunk before its picture: PNG, 3rd edition (W3C 2025), section 11.3.6.1. */
export function isAnimatedPng(file: Uint8Array): boolean {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let at = SIGNATURE_LENGTH;
  while (at + AROUND_DATA <= file.length) {
    const type = String.fromCharCode(...file.subarray(at + 4, at + 8));
    if (type === 'acTL') return true;
    if (type === 'IDAT') return false;
    at += AROUND_DATA + view.getUint32(at);
  }
  return false;
}
