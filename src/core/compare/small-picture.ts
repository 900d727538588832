/** Pixels of the picture along each side of one sample. */
export const SAMPLE = 4;

/**
 * A picture made small: means over some 4x4 pixels, in which noise and the detail that encoders throw away hardly
 * show, and a covered face does.
 */
export interface SmallPicture {
  /** Of the whole picture, in pixels, upright. */
  readonly fullWidth: number;
  readonly fullHeight: number;
  /** In samples: the pixels' number over `SAMPLE`, rounded up. */
  readonly width: number;
  readonly height: number;
  /** Rows tightly packed, 0 to 255 over the full range; Y'CbCr. */
  readonly luma: Uint8Array;
  readonly cb: Uint8Array;
  readonly cr: Uint8Array;
}

/** Samples along one side of so many pixels. */
export const samplesAlong = (pixels: number): number => Math.ceil(pixels / SAMPLE);

/** Takes luma in the limited range of video (16 to 235, ITU-R BT.601) to the full one, in place. */
export function expandLuma(samples: Uint8Array): void {
  for (let i = 0; i < samples.length; i++) samples[i] = FULL_LUMA[samples[i]];
}

/** The same for colour differences (16 to 240, around 128). */
export function expandChroma(samples: Uint8Array): void {
  for (let i = 0; i < samples.length; i++) samples[i] = FULL_CHROMA[samples[i]];
}

const FULL_LUMA = Uint8ClampedArray.from({ length: 256 }, (_, value) => ((value - 16) * 255) / 219);
const FULL_CHROMA = Uint8ClampedArray.from({ length: 256 }, (_, value) => 128 + ((value - 128) * 255) / 224);
