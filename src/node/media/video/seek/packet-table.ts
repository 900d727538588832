import { type av, check, constants, isEnd } from '../ffmpeg.ts';

/** What is known of the packets of a film's picture stream, in the order in which the file gives them. */
export interface PacketTable {
  readonly count: number;
  /** When shown and when to decode, in ticks; NaN where the file does not say. */
  readonly pts: Float64Array;
  readonly dts: Float64Array;
  /** Where in the file, in bytes; -1 where unknown. */
  readonly position: Float64Array;
  /** In bytes. */
  readonly size: Int32Array;
  /** 1 where decoding may begin. */
  readonly key: Uint8Array;
  /** 1 where the picture is decoded for others' sake and not shown. */
  readonly hidden: Uint8Array;
}

const GROWTH = 1 << 14;
/** Packets between two pauses, in which others get their turn. */
const BATCH = 200;

/** Reads every packet of the stream from where the demuxer is, decoding none. */
export async function scanPackets(
  demuxer: av.FormatContext,
  packet: av.Packet,
  stream: number,
  doing: string,
  options: { readonly signal?: AbortSignal | undefined; readonly onPacket?: (count: number) => void },
): Promise<PacketTable> {
  let capacity = 0;
  let columns = grow(0);
  let count = 0;
  for (;;) {
    const code = demuxer.readFrameSync(packet);
    if (isEnd(code)) break;
    check(code, doing);
    if (packet.streamIndex === stream) {
      if (count === capacity) {
        capacity = count + Math.max(GROWTH, count >> 1);
        columns = grow(capacity, columns);
      }
      columns.pts[count] = ticks(packet.pts);
      columns.dts[count] = ticks(packet.dts);
      columns.position[count] = Number(packet.pos);
      columns.size[count] = packet.size;
      columns.key[count] = packet.isKeyframe ? 1 : 0;
      columns.hidden[count] = packet.hasFlags(constants.AV_PKT_FLAG_DISCARD) ? 1 : 0;
      count++;
      if (count % BATCH === 0) {
        options.onPacket?.(count);
        await new Promise<void>((resolve) => setImmediate(resolve));
        options.signal?.throwIfAborted();
      }
    }
    packet.unref();
  }
  return { ...grow(count, columns), count };
}

function grow(length: number, from?: Omit<PacketTable, 'count'>): Omit<PacketTable, 'count'> {
  const resized = <T extends Float64Array | Int32Array | Uint8Array>(to: T, source: T | undefined): T => {
    if (source) to.set(source.subarray(0, length) as never);
    return to;
  };
  return {
    pts: resized(new Float64Array(length), from?.pts),
    dts: resized(new Float64Array(length), from?.dts),
    position: resized(new Float64Array(length), from?.position),
    size: resized(new Int32Array(length), from?.size),
    key: resized(new Uint8Array(length), from?.key),
    hidden: resized(new Uint8Array(length), from?.hidden),
  };
}

const ticks = (value: bigint) => (value === constants.AV_NOPTS_VALUE ? Number.NaN : Number(value));
