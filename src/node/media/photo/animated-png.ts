import { pngChunks } from './png-chunks.ts';

/** Whether a PNG has the animation control chunk before its picture: PNG, 3rd edition (W3C 2025), section 11.3.6.1. */
export function isAnimatedPng(file: Uint8Array): boolean {
  for (const { type } of pngChunks(file)) {
    if (type === 'acTL') return true;
    if (type === 'IDAT') return false;
  }
  return false;
}
