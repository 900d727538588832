import type { PacketTable } from './packet-table.ts';

/**
 * Which packet each frame comes from. Frames are numbered as a decoder gives them out from the film's start,
 * which is what plans count by.
 */
export class FrameOrder {
  readonly frames: number;
  /** Packet of each frame; -1 where a decoder did not say. */
  readonly packetOf: Int32Array;
  /** Frame of each packet; -1 for those that none comes from. */
  readonly frameOf: Int32Array;
  /** Packets where decoding may begin, rising, and so do their frames. */
  readonly keys: Int32Array;

  constructor(packetOf: Int32Array, table: PacketTable) {
    this.frames = packetOf.length;
    this.packetOf = packetOf;
    this.frameOf = new Int32Array(table.count).fill(-1);
    for (let frame = 0; frame < packetOf.length; frame++) {
      if (packetOf[frame] >= 0) this.frameOf[packetOf[frame]] = frame;
    }
    const keys: number[] = [];
    let latest = -1;
    for (let packet = 0; packet < table.count; packet++) {
      const frame = this.frameOf[packet];
      if (!table.key[packet] || frame <= latest) continue;
      keys.push(packet);
      latest = frame;
    }
    this.keys = Int32Array.from(keys);
  }

  /** True where every frame can be told by its packet. */
  get complete(): boolean {
    return this.packetOf.every((packet) => packet >= 0);
  }

  /** Frames that can be decoded without any other, rising, the first always among them. */
  get quick(): number[] {
    const frames = Array.from(this.keys, (packet) => this.frameOf[packet]);
    return frames[0] === 0 ? frames : [0, ...frames];
  }

  /**
   * Index into `keys` of the last place before frame `frame` from which it can be decoded; -1 where only the
   * film's start will do. Frames shown before a key picture but decoded after it may need what came earlier, so
   * a key counts only for what is shown from it on.
   */
  keyBefore(frame: number): number {
    let low = 0;
    let high = this.keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.frameOf[this.keys[middle]] <= frame) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/**
 * The order of frames by the times that the file gives them; undefined where it does not give every frame a time
 * of its own, or not as many as there are.
 */
export function orderByTime(table: PacketTable, frames: number): FrameOrder | undefined {
  const shown = new Int32Array(table.count);
  let count = 0;
  for (let packet = 0; packet < table.count; packet++) {
    if (table.hidden[packet]) continue;
    if (Number.isNaN(table.pts[packet])) return undefined;
    shown[count++] = packet;
  }
  if (count !== frames) return undefined;
  const packetOf = shown.subarray(0, count).sort((a, b) => table.pts[a] - table.pts[b] || a - b);
  for (let i = 1; i < count; i++) if (table.pts[packetOf[i]] === table.pts[packetOf[i - 1]]) return undefined;
  return new FrameOrder(packetOf, table);
}

/** When each frame is shown, in ticks, the first at 0, strictly rising as the renderer makes them. */
export function frameTicks({ packetOf }: FrameOrder, table: PacketTable): Float64Array {
  const times = new Float64Array(packetOf.length);
  let stamps = Float64Array.from(packetOf, (packet) => (packet < 0 ? Number.NaN : table.pts[packet]));
  // Without times to show them at, decoding times tell how long each lasts, though not whose they are.
  if (stamps.some(Number.isNaN))
    stamps = Float64Array.from(packetOf, (packet) => table.dts[packet] ?? 0).sort();
  let last = -1;
  for (let frame = 0; frame < times.length; frame++) {
    const time = stamps[frame] - stamps[0];
    last = time > last ? time : last + 1;
    times[frame] = last;
  }
  return times;
}
