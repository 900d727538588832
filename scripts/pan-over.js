import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { av, check, constants } from '../dist/node/media/video/ffmpeg.js';
import { VideoWriter } from '../dist/node/media/video/video-writer.js';

const WIDTH = 640;
const HEIGHT = 360;
const FRAMES = 60;
const RATE = 25;

/** Writes a short film whose camera pans over a photo, made with Sayeh's own encoder; answers its path. */
export async function panOver(photo, file) {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, '');
  const { width, height } = await sharp(photo).metadata();
  const cropWidth = Math.round(width * 0.8);
  const cropHeight = Math.round((cropWidth * HEIGHT) / WIDTH);

  const scaler = new av.SoftwareScaleContext();
  const { AV_PIX_FMT_RGB24, AV_PIX_FMT_YUV420P, SWS_BILINEAR } = constants;
  scaler.getContext(WIDTH, HEIGHT, AV_PIX_FMT_RGB24, WIDTH, HEIGHT, AV_PIX_FMT_YUV420P, SWS_BILINEAR);
  const frame = new av.Frame();
  frame.alloc();
  frame.format = AV_PIX_FMT_YUV420P;
  frame.width = WIDTH;
  frame.height = HEIGHT;
  check(frame.getBuffer(), 'making a frame');

  const info = {
    frameRate: RATE,
    timeBase: { num: 1, den: RATE },
    sampleAspectRatio: { num: 1, den: 1 },
  };
  const writer = await VideoWriter.create(file, info, frame, { codec: 'h264', threads: 0 });
  for (let index = 0; index < FRAMES; index++) {
    const along = index / (FRAMES - 1);
    const rgb = await sharp(photo)
      .extract({
        left: Math.round((width - cropWidth) * along),
        top: Math.round(Math.max(0, height - cropHeight) * (0.2 + 0.2 * along)),
        width: cropWidth,
        height: Math.min(cropHeight, height),
      })
      .resize(WIDTH, HEIGHT, { fit: 'fill' })
      .removeAlpha()
      .raw()
      .toBuffer();
    check(
      await scaler.scale([rgb], [WIDTH * 3], 0, HEIGHT, frame.data, frame.linesize),
      'converting a frame',
    );
    await writer.write(frame, BigInt(index), 1n);
  }
  await writer.finish();
  scaler.freeContext();
  frame.free();
  return file;
}
