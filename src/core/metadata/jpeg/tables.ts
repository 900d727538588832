import { u16be } from '../still/bytes.ts';

/** A quantisation table as in a DQT segment: 64 values in zigzag order (T.81 section B.2.4.1). */
export type QuantisationTable = readonly number[];

/** The tables of a DQT segment; undefined where its bytes are not exactly that. */
export function quantisationTables(data: Uint8Array): QuantisationTable[] | undefined {
  const tables: QuantisationTable[] = [];
  let at = 0;
  while (at < data.length) {
    const precision = data[at] >> 4;
    const size = precision === 0 ? 64 : 128;
    if (precision > 1 || (data[at] & 15) > 3 || at + 1 + size > data.length) return undefined;
    const start = at + 1;
    tables.push(
      Array.from({ length: 64 }, (_, i) => (precision === 0 ? data[start + i] : u16be(data, start + 2 * i))),
    );
    at = start + size;
  }
  return tables.length > 0 ? tables : undefined;
}

/** Whether a DHT segment holds tables and nothing else (T.81 section B.2.4.2). */
export function areHuffmanTables(data: Uint8Array): boolean {
  let at = 0;
  while (at < data.length) {
    if (data[at] >> 4 > 1 || (data[at] & 15) > 3 || at + 17 > data.length) return false;
    const symbols = data.subarray(at + 1, at + 17).reduce((sum, count) => sum + count, 0);
    if (symbols > 256 || at + 17 + symbols > data.length) return false;
    at += 17 + symbols;
  }
  return data.length > 0;
}
