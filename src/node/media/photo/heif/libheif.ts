import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** A pointer into the instance's memory. */
export type Pointer = number;

/**
 * The functions of libheif's C API that Sayeh calls (libheif/heif.h of libheif 1.23), as Emscripten exports them: a
 * function that returns a `heif_error` takes, as its first argument, the place to put it.
 */
export interface Libheif {
  /** The instance's memory; another array after each call that may have let it grow. */
  readonly HEAPU8: Uint8Array;
  _malloc(size: number): Pointer;
  _heif_context_alloc(): Pointer;
  _heif_context_read_from_memory(
    error: Pointer,
    context: Pointer,
    data: Pointer,
    size: number,
    o: Pointer,
  ): void;
  _heif_context_get_primary_image_handle(error: Pointer, context: Pointer, handle: Pointer): void;
  _heif_image_handle_get_width(handle: Pointer): number;
  _heif_image_handle_get_height(handle: Pointer): number;
  _heif_image_handle_has_alpha_channel(handle: Pointer): number;
  _heif_image_handle_is_premultiplied_alpha(handle: Pointer): number;
  _heif_image_handle_get_raw_color_profile_size(handle: Pointer): number;
  _heif_image_handle_get_raw_color_profile(error: Pointer, handle: Pointer, data: Pointer): void;
  _heif_image_handle_get_nclx_color_profile(error: Pointer, handle: Pointer, profile: Pointer): void;
  _heif_context_get_number_of_top_level_images(context: Pointer): number;
  _heif_decode_image(
    error: Pointer,
    handle: Pointer,
    image: Pointer,
    colourSpace: number,
    chroma: number,
    options: Pointer,
  ): void;
  _heif_image_get_width(image: Pointer, channel: number): number;
  _heif_image_get_height(image: Pointer, channel: number): number;
  _heif_image_get_plane_readonly2(image: Pointer, channel: number, stride: Pointer): Pointer;
}

/** A new instance with memory of its own: about a tenth of a second. It is freed when nothing refers to it. */
export function loadLibheif(): Libheif {
  // The package is CommonJS, and its own entry looks for the WebAssembly file in the current folder.
  const require = createRequire(import.meta.url);
  const start = require('libheif-js/libheif-wasm/libheif.js') as (options: object) => Libheif;
  const wasmBinary = readFileSync(require.resolve('libheif-js/libheif-wasm/libheif.wasm'));
  const quiet = () => {};
  return start({ wasmBinary, print: quiet, printErr: quiet });
}
