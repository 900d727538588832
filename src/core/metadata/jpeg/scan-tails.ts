import type { ByteSource } from '../byte-source.ts';
import { u16be } from '../still/bytes.ts';
import { LARGEST_PART, readPart } from '../still/copy.ts';
import { type HuffmanTable, huffmanTable, type SequentialScan, scanLength } from './scan-end.ts';
import type { Segment } from './segments.ts';

interface Component {
  readonly id: number;
  readonly across: number;
  readonly down: number;
}

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly components: readonly Component[];
}

/**
 * How many bytes follow the last block of each scan, inside it, by the scan's offset; scans that end where they should
 * are left out. Looks into baseline and extended sequential pictures with Huffman codes, which is what cameras write; of
 * progressive and arithmetic ones, of damaged scans and of very long ones nothing is said.
 */
export async function scanTails(
  source: ByteSource,
  segments: readonly Segment[],
): Promise<ReadonlyMap<number, number>> {
  const tails = new Map<number, number>();
  const tables = new Map<number, StoredTable>();
  let scans = 0;
  let frame: Frame | undefined;
  let restart = 0;
  let header = new Uint8Array();
  for (const segment of segments) {
    const data = () => readPart(source, segment.dataOffset, segment.dataLength);
    if (segment.name === 'SOF0' || segment.name === 'SOF1') frame = readFrame(await data());
    else if (segment.name.startsWith('SOF')) return tails;
    else if (segment.name === 'DRI') restart = u16be(await data(), 0);
    else if (segment.name === 'DHT') readTables(await data(), tables);
    else if (segment.name === 'SOS') header = new Uint8Array(await data());
    else if (segment.name === 'scan' && ++scans > MOST_SCANS) return tails;
    else if (segment.name === 'scan' && frame && segment.length <= LARGEST_PART) {
      const scan = readScan(frame, header, tables, restart);
      const length = scan && scanLength(await data(), scan);
      if (length !== undefined && length < segment.length) tails.set(segment.offset, segment.length - length);
    }
  }
  return tails;
}

/** T.81 section B.2.2. */
function readFrame(data: Uint8Array): Frame | undefined {
  const count = data[5];
  // A height of zero is said later, by DNL; a width of zero is damage.
  if (data.length !== 6 + 3 * count || u16be(data, 1) === 0 || u16be(data, 3) === 0) return undefined;
  const components = Array.from({ length: count }, (_, i) => ({
    id: data[6 + 3 * i],
    across: data[7 + 3 * i] >> 4,
    down: data[7 + 3 * i] & 15,
  }));
  const isSound = components.every(
    ({ across, down }) => across >= 1 && across <= 4 && down >= 1 && down <= 4,
  );
  return isSound ? { height: u16be(data, 1), width: u16be(data, 3), components } : undefined;
}

/** As a segment holds it; made into codes only where a scan needs it. */
interface StoredTable {
  readonly counts: Uint8Array;
  readonly values: Uint8Array;
}

/** A sequential picture has one for each of its up to four components. */
const MOST_SCANS = 16;

/** T.81 section B.2.4.2; by class * 16 + number. */
function readTables(data: Uint8Array, tables: Map<number, StoredTable>): void {
  for (let at = 0; at + 17 <= data.length; ) {
    const counts = data.subarray(at + 1, at + 17);
    const length = counts.reduce((sum, count) => sum + count, 0);
    tables.set(data[at], { counts, values: data.subarray(at + 17, at + 17 + length) });
    at += 17 + length;
  }
}

/** T.81 sections B.2.3 and A.2: a scan of one component has a unit for each of its blocks. */
function readScan(
  { width, height, components }: Frame,
  header: Uint8Array,
  tables: ReadonlyMap<number, StoredTable>,
  restart: number,
): SequentialScan | undefined {
  const count = header[0];
  const most = (of: 'across' | 'down') => Math.max(...components.map((component) => component[of]));
  const [mostAcross, mostDown] = [most('across'), most('down')];
  const found: SequentialScan['components'][number][] = [];
  let units = Math.ceil(width / (8 * mostAcross)) * Math.ceil(height / (8 * mostDown));
  for (let i = 0; i < count; i++) {
    const component = components.find(({ id }) => id === header[1 + 2 * i]);
    const dc = codesOf(tables.get(header[2 + 2 * i] >> 4));
    const ac = codesOf(tables.get(16 + (header[2 + 2 * i] & 15)));
    if (!component || !dc || !ac) return undefined;
    const { across, down } = component;
    if (count === 1)
      units =
        Math.ceil(Math.ceil((width * across) / mostAcross) / 8) *
        Math.ceil(Math.ceil((height * down) / mostDown) / 8);
    found.push({ blocks: count === 1 ? 1 : across * down, dc, ac });
  }
  return found.length > 0 ? { components: found, units, restart } : undefined;
}

const codesOf = (table: StoredTable | undefined): HuffmanTable | undefined =>
  table && huffmanTable(table.counts, table.values);
