import { assertNever, SayehError } from '../errors.ts';
import { fillBlur } from './fill/blur.ts';
import { Membrane } from './fill/membrane.ts';
import { Mosaic } from './fill/pixelate.ts';
import { fillSolid } from './fill/solid.ts';
import { darkTone } from './fill/tone.ts';
import { coverage, type Mask } from './mask.ts';
import { checked, type Picture } from './picture.ts';

/**
 * How covered places look: `blur` like a soft blur, `pixelate` like a mosaic, `solid` one dark grey. None
 * holds anything of what was there: blur and mosaic are made of the colours around the mask.
 */
export type Style = 'blur' | 'pixelate' | 'solid';

export interface RedactOptions {
  /** `blur` unless given. */
  readonly style?: Style;
}

/**
 * Covers masked places. One object serves any number of pictures of any size, one after the other, and keeps
 * its work space between them; what it does to a picture never depends on those before.
 */
export class Redactor {
  /** For channels with a sample for each pixel along a line, and for those with one for two. */
  readonly #membranes = [new Membrane(1), new Membrane(2)] as const;
  readonly #mosaic = new Mosaic();

  /**
   * Overwrites, in place, every sample under the mask with a function of the samples outside it, of the mask,
   * and of nothing else; samples outside are left as they are. Where the mask covers the whole picture, every
   * style is the fixed dark grey. Throws SayehError('internal') if mask and picture differ in size.
   */
  redact(picture: Picture, mask: Mask, { style = 'blur' }: RedactOptions = {}): void {
    if (mask.width !== picture.width || mask.height !== picture.height) {
      throw new SayehError(
        'internal',
        `a mask for ${mask.width}x${mask.height} cannot cover a picture of ${picture.width}x${picture.height}`,
      );
    }
    checked(picture);
    if (mask.end === 0) return;
    const hasSource = style !== 'solid' && coverage(mask) < 1;
    if (hasSource) {
      this.#membranes.forEach((membrane, shiftX) => {
        if (picture.channels.some((channel) => channel.shiftX === shiftX)) membrane.stretch(mask);
      });
    }
    for (const channel of picture.channels) {
      // The cut of a transparent background can draw a head's outline, so alpha is covered too. Opaque, as a
      // hole would let a viewer's own background show and look like part of the picture.
      if (!hasSource || channel.role === 'alpha') {
        fillSolid(channel, mask, darkTone(channel.role, picture.range));
        continue;
      }
      const membrane = this.#membranes[channel.shiftX];
      const film = membrane.solve(channel);
      if (style === 'blur') fillBlur(channel, mask, film, membrane.blocks);
      else if (style === 'pixelate') this.#mosaic.fill(channel, mask, film, membrane.blocks);
      else assertNever(style, 'style');
    }
  }
}

/** Covers masked places of one picture, in place. See Redactor, which is for many. */
export function redact(picture: Picture, mask: Mask, options?: RedactOptions): void {
  new Redactor().redact(picture, mask, options);
}
