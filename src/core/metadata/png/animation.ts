import type { ByteSource } from '../byte-source.ts';
import { u32be } from '../still/bytes.ts';
import type { Chunk } from './chunks.ts';

/**
 * What is wrong with an animation's order (PNG section 4.9): as many frame controls as announced, sequence numbers
 * without a gap, no frame data without a control. A frame that no player shows would be a hiding place.
 */
export async function animationProblem(
  source: ByteSource,
  chunks: readonly Chunk[],
): Promise<string | undefined> {
  const control = chunks.find(({ name }) => name === 'acTL');
  const frames = chunks.filter(({ name }) => name === 'fcTL' || name === 'fdAT');
  if (!control) return frames.length > 0 ? 'frames without an animation' : undefined;
  const firstData = chunks.findIndex(({ name }) => name === 'IDAT');
  if (chunks.indexOf(control) > firstData) return 'the animation control comes after the picture';
  const announced = u32be(await source.read(control.dataOffset, 4), 0);
  const controls = frames.filter(({ name }) => name === 'fcTL');
  if (controls.length !== announced) return `${controls.length} frames where ${announced} are announced`;
  if (frames[0]?.name === 'fdAT') return 'frame data without a frame control';
  for (const [i, frame] of frames.entries()) {
    const sequence = u32be(await source.read(frame.dataOffset, 4), 0);
    if (sequence !== i) return `frame part ${i} is numbered ${sequence}`;
  }
  return undefined;
}
