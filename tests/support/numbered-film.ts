import { execFile } from 'node:child_process';

export const NUMBERED = { width: 192, height: 112 } as const;
const BITS = 12;
const BLOCK = 16;

/**
 * Has the ffmpeg program code a film of `count` frames, each with its number burnt in as a bar code of light and
 * dark blocks over a moving pattern. `args` are what comes after the input: filters, encoder, file.
 */
export function numberedFilm(count: number, ...args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const input = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${NUMBERED.width}x${NUMBERED.height}`];
    const format = args.includes('-pix_fmt') ? [] : ['-pix_fmt', 'yuv420p'];
    const child = execFile(
      'ffmpeg',
      [
        '-v',
        'error',
        '-y',
        ...input,
        '-r',
        '25',
        '-i',
        '-',
        ...args.slice(0, -1),
        ...format,
        args[args.length - 1],
      ],
      (error) => (error ? reject(error) : resolve()),
    );
    child.stdin?.on('error', () => {}); // ffmpeg ends before it has read everything where it fails
    for (let n = 0; n < count; n++) child.stdin?.write(numberedFrame(n));
    child.stdin?.end();
  });
}

function numberedFrame(n: number): Uint8Array {
  const { width, height } = NUMBERED;
  const luma = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      // Something that moves and changes, so that a frame made from the wrong neighbours shows.
      luma[y * width + x] = 128 + 60 * Math.sin((x + 3 * n) / 7) * Math.cos((y - 2 * n) / 9);
    }
  }
  for (let bit = 0; bit < BITS; bit++) {
    const light = (n >> bit) & 1 ? 230 : 25;
    for (let y = 0; y < 2 * BLOCK; y++)
      luma.fill(light, y * width + bit * BLOCK, y * width + (bit + 1) * BLOCK);
  }
  return luma;
}

/** The number in a frame's gray picture of any size and stride, upright. */
export function readNumber(luma: Uint8Array, stride: number, width: number = NUMBERED.width): number {
  const scale = width / NUMBERED.width;
  let n = 0;
  for (let bit = 0; bit < BITS; bit++) {
    const x = Math.round((bit + 0.5) * BLOCK * scale);
    const y = Math.round(BLOCK * scale);
    if (luma[y * stride + x] > 128) n |= 1 << bit;
  }
  return n;
}
