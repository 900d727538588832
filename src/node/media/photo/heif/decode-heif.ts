import { SayehError } from '../../../../core/errors.ts';
import { type Limits, megapixels, overLimit } from '../../../../core/limits.ts';
import type { CodedColours } from '../coded-colours.ts';
import { type Libheif, loadLibheif, type Pointer } from './libheif.ts';

/** What a HEIF file's primary picture is like, before it is decoded. */
export interface HeifHeader {
  /** Upright, in pixels: rotation, mirroring and cropping (irot, imir, clap) applied. */
  readonly width: number;
  readonly height: number;
  readonly hasAlpha: boolean;
  /** The embedded ICC profile. */
  readonly profile: Uint8Array | undefined;
  /** What its colours are by code points, where it has no profile. */
  readonly colours: CodedColours | undefined;
  /** Pictures that a viewer would list: bursts and collections have several. */
  readonly pictures: number;
}

/** The same, decoded. */
export interface HeifPicture extends HeifHeader {
  /** Interleaved RGB, 8 bits, rows tightly packed; transparent places shown on white. */
  readonly data: Uint8Array;
}

// Values of libheif's enumerations (libheif/heif_image.h, heif_error.h).
const COLOUR_SPACE_RGB = 1;
const CHROMA_RGB = 10;
const CHROMA_RGBA = 11;
const CHANNEL_INTERLEAVED = 10;
const ERROR_UNSUPPORTED_FILE_TYPE = 3;
const ERROR_UNSUPPORTED_FEATURE = 4;
const ERROR_OUT_OF_MEMORY = 6;
const ERROR_NO_PLUGIN = 11;

/**
 * Decodes HEIC photos (ISO/IEC 23008-12, pictures coded with HEVC) with libheif as WebAssembly: a hostile file can do
 * no more than fail or take long. The instance's memory is never handed back, so an object serves one file.
 *
 * Throws SayehError 'corrupt', 'too-large', or 'unsupported' for pictures in other codecs.
 */
export class HeifDecoder {
  readonly header: HeifHeader;
  readonly #lib: Libheif;
  readonly #handle: Pointer;

  constructor(file: Uint8Array, limits: Limits) {
    this.#lib = loadLibheif();
    const lib = this.#lib;
    const context = lib._heif_context_alloc();
    const bytes = this.#allocate(file.length);
    lib.HEAPU8.set(file, bytes);
    this.#check((error) => lib._heif_context_read_from_memory(error, context, bytes, file.length, 0));
    this.#handle = this.#answer((error, at) =>
      lib._heif_context_get_primary_image_handle(error, context, at),
    );
    const width = lib._heif_image_handle_get_width(this.#handle);
    const height = lib._heif_image_handle_get_height(this.#handle);
    if (width < 1 || height < 1) throw new SayehError('corrupt', 'its picture has no size');
    const found = megapixels(width * height);
    if (found > limits.picture)
      throw overLimit('picture', limits, found, `its picture has ${width}x${height} pixels`);
    const profile = this.#profile();
    this.header = {
      width,
      height,
      hasAlpha: lib._heif_image_handle_has_alpha_channel(this.#handle) !== 0,
      profile,
      colours: profile ? undefined : this.#colours(),
      pictures: lib._heif_context_get_number_of_top_level_images(context),
    };
  }

  /** Decodes the primary picture, transformations applied, more than 8 bits reduced to 8. */
  decode(): HeifPicture {
    const { width, height, hasAlpha } = this.header;
    const lib = this.#lib;
    const chroma = hasAlpha ? CHROMA_RGBA : CHROMA_RGB;
    const image = this.#answer((error, at) =>
      lib._heif_decode_image(error, this.#handle, at, COLOUR_SPACE_RGB, chroma, 0),
    );
    const decodedWidth = lib._heif_image_get_width(image, CHANNEL_INTERLEAVED);
    const decodedHeight = lib._heif_image_get_height(image, CHANNEL_INTERLEAVED);
    if (decodedWidth !== width || decodedHeight !== height) {
      throw new SayehError(
        'corrupt',
        `its picture claims ${width}x${height} pixels and has ${decodedWidth}x${decodedHeight}`,
      );
    }
    const strideAt = this.#allocate(4);
    const plane = lib._heif_image_get_plane_readonly2(image, CHANNEL_INTERLEAVED, strideAt);
    const stride = this.#u32(strideAt);
    if (!plane) throw new SayehError('corrupt', 'its picture has no pixels');
    const rows = { at: plane, stride, width, height };
    const premultiplied = lib._heif_image_handle_is_premultiplied_alpha(this.#handle) !== 0;
    const data = hasAlpha ? onWhite(lib.HEAPU8, rows, premultiplied) : packed(lib.HEAPU8, rows);
    return { ...this.header, data };
  }

  #profile(): Uint8Array | undefined {
    const size = this.#lib._heif_image_handle_get_raw_color_profile_size(this.#handle);
    if (size === 0) return undefined;
    const data = this.#allocate(size);
    this.#check((error) => this.#lib._heif_image_handle_get_raw_color_profile(error, this.#handle, data));
    return this.#lib.HEAPU8.slice(data, data + size);
  }

  /** `heif_color_profile_nclx`: a version byte, then primaries and transfer as 32-bit numbers. */
  #colours(): CodedColours | undefined {
    try {
      const profile = this.#answer((error, at) =>
        this.#lib._heif_image_handle_get_nclx_color_profile(error, this.#handle, at),
      );
      return { primaries: this.#u32(profile + 4), transfer: this.#u32(profile + 8) };
    } catch {
      return undefined; // it has none
    }
  }

  /** Calls a function that puts a pointer at `at`. */
  #answer(call: (error: Pointer, at: Pointer) => void): Pointer {
    const at = this.#allocate(4);
    this.#check((error) => call(error, at));
    return this.#u32(at);
  }

  /** Calls a function that answers a `heif_error`: code, sub-code, message. */
  #check(call: (error: Pointer) => void): void {
    const error = this.#allocate(12);
    try {
      call(error);
    } catch (cause) {
      throw new SayehError('corrupt', 'it makes the decoder fail', { cause }); // a WebAssembly trap
    }
    const code = this.#u32(error);
    if (code === 0) return;
    const message = this.#text(this.#u32(error + 8));
    if (code === ERROR_OUT_OF_MEMORY)
      throw new SayehError('too-large', `it needs too much memory: ${message}`);
    const unsupported = [ERROR_UNSUPPORTED_FILE_TYPE, ERROR_UNSUPPORTED_FEATURE, ERROR_NO_PLUGIN].includes(
      code,
    );
    throw new SayehError(unsupported ? 'unsupported' : 'corrupt', message);
  }

  #allocate(size: number): Pointer {
    const pointer = this.#lib._malloc(size);
    if (pointer === 0) throw new SayehError('too-large', `there is no memory for ${size} bytes of it`);
    return pointer;
  }

  #u32(at: Pointer): number {
    const heap = this.#lib.HEAPU8;
    return new DataView(heap.buffer).getUint32(at, true);
  }

  #text(at: Pointer): string {
    const heap = this.#lib.HEAPU8;
    return new TextDecoder().decode(heap.slice(at, heap.indexOf(0, at)));
  }
}

interface Rows {
  readonly at: Pointer;
  readonly stride: number;
  readonly width: number;
  readonly height: number;
}

function packed(heap: Uint8Array, { at, stride, width, height }: Rows): Uint8Array {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    data.set(heap.subarray(at + y * stride, at + y * stride + width * 3), y * width * 3);
  }
  return data;
}

/** HEIF photos are written as JPEG, which has no alpha, so what shows through is white, as on a page. */
function onWhite(heap: Uint8Array, { at, stride, width, height }: Rows, premultiplied: boolean): Uint8Array {
  const data = new Uint8Array(width * height * 3);
  let to = 0;
  for (let y = 0; y < height; y++) {
    for (let from = at + y * stride, end = from + width * 4; from < end; from += 4) {
      const alpha = heap[from + 3];
      for (let c = 0; c < 3; c++) {
        const colour = premultiplied ? heap[from + c] : (heap[from + c] * alpha) / 255;
        data[to++] = Math.min(255, Math.round(colour + 255 - alpha));
      }
    }
  }
  return data;
}
