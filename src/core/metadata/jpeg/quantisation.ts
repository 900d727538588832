import type { QuantisationTable } from './tables.ts';

/** T.81 annex K, tables K.1 (luma) and K.2 (chroma), row by row. */
const LUMA = [
  ...[16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56],
  ...[14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92],
  ...[49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99],
];
const CHROMA = [
  ...[17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99],
  ...[47, 66, 99, 99, 99, 99, 99, 99, ...new Array<number>(32).fill(99)],
];
/** MozJPEG's default for both (quant_table 3, N. Robidoux). */
const ROBIDOUX = [
  ...[16, 16, 16, 18, 25, 37, 56, 85, 16, 17, 20, 27, 34, 40, 53, 75, 16, 20, 24, 31, 43, 62, 91, 135],
  ...[18, 27, 31, 40, 53, 74, 106, 156, 25, 34, 43, 53, 69, 94, 131, 189, 37, 40, 62, 74, 94, 124, 169, 238],
  ...[56, 53, 91, 106, 131, 169, 226, 311, 85, 75, 135, 156, 189, 238, 311, 418],
];
const BASES = [LUMA, CHROMA, ROBIDOUX];

/** Row-by-row places in zigzag order, T.81 figure A.6. */
const ZIGZAG = [
  ...[0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6],
  ...[7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31],
  ...[39, 46, 53, 60, 61, 54, 47, 55, 62, 63],
];

/**
 * Whether a table is one that libjpeg or MozJPEG writes at some quality from 1 to 100 (jcparam.c,
 * jpeg_quality_scaling). Most cameras have tables of their own, which tell their makes apart.
 */
export function isStandardTable(table: QuantisationTable): boolean {
  for (let quality = 1; quality <= 100; quality++) {
    const scale = quality < 50 ? Math.floor(5000 / quality) : 200 - quality * 2;
    if (BASES.some((base) => table.every((value, i) => matches(value, base[ZIGZAG[i]], scale)))) return true;
  }
  return false;
}

function matches(value: number, base: number, scale: number): boolean {
  const scaled = Math.max(1, Math.floor((base * scale + 50) / 100));
  // Baseline pictures cap values at 255, others do not.
  return value === Math.min(scaled, 255) || value === Math.min(scaled, 32_767);
}
