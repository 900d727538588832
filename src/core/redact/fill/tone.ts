import { assertNever } from '../../errors.ts';
import type { Range, Role } from '../picture.ts';

/** A dark grey: plainly a cover, and kinder to the eye and to encoders than black. Full-range RGB. */
const DARK = 38;

/** The sample value of the fixed dark grey in a channel of this role; alpha is opaque. */
export function darkTone(role: Role, range: Range): number {
  switch (role) {
    case 'red':
    case 'green':
    case 'blue':
      return DARK;
    case 'luma':
      return range === 'full' ? DARK : Math.round(16 + (DARK * 219) / 255);
    case 'cb':
    case 'cr':
      return 128;
    case 'alpha':
      return 255;
    default:
      return assertNever(role, 'channel role');
  }
}

/** Whether the channel tells light from dark, rather than one hue from another. */
export function carriesLight(role: Role): boolean {
  return role !== 'cb' && role !== 'cr' && role !== 'alpha';
}
