import { SayehError } from '../../errors.ts';
import { reduceProfile } from '../icc/minimal.ts';

/** The profile that a stripped picture gets in place of its own, if it needs one, and what the user should know. */
export interface KeptColour {
  readonly profile?: Uint8Array;
  readonly notes: readonly string[];
}

/** Decides what stays of a picture's colour profile; throws SayehError('unsupported') for one that cannot go. */
export function keptColour(original: Uint8Array | undefined): KeptColour {
  if (!original) return { notes: [] };
  const reduction = reduceProfile(original);
  switch (reduction.kind) {
    case 'not-needed':
      return { notes: [] };
    case 'damaged':
      return { notes: ['the colour profile is damaged and was dropped; colours may look different'] };
    case 'minimal':
      return {
        profile: reduction.profile,
        notes: [`a minimal colour profile (${reduction.name}) stays so that colours look right`],
      };
    case 'irreducible':
      throw new SayehError(
        'unsupported',
        `the picture's colour profile cannot be made anonymous: ${reduction.why}; protect the picture instead, which writes it anew in sRGB`,
      );
  }
}
