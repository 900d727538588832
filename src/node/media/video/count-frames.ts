import path from 'node:path';
import { type GivenLimits, limitsFrom } from '../../../core/limits.ts';
import type { VideoFormat } from '../../../core/media-type.ts';
import { av, check, constants, isEnd } from './ffmpeg.ts';
import { openDemuxer } from './picture-stream.ts';

/**
 * How many frames a film's main picture stream should have: what its header says, or else as many as it has packets.
 * Nothing is decoded, so it is a hint: only reading the frames tells. Throws SayehError('corrupt').
 */
export async function countFrames(
  file: string,
  format: VideoFormat,
  {
    limits,
    signal,
  }: { readonly limits?: GivenLimits | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<number> {
  const demuxer = await openDemuxer(file, format, limitsFrom(limits));
  const packet = new av.Packet();
  packet.alloc();
  try {
    const index = demuxer.findBestStream(constants.AVMEDIA_TYPE_VIDEO);
    const promised = demuxer.streams.find((stream) => stream.index === index)?.nbFrames ?? 0n;
    if (promised > 0n) return Number(promised);
    for (let count = 0; ; ) {
      signal?.throwIfAborted();
      const read = await demuxer.readFrame(packet);
      if (isEnd(read)) return count;
      check(read, `reading ${path.basename(file)}`);
      if (packet.streamIndex === index) count++;
      packet.unref();
    }
  } finally {
    packet.free();
    await demuxer.closeInput();
  }
}
