import { examine } from './examine.ts';
import { examinedFormat } from './examined-format.ts';
import { stripElements } from './strip.ts';
import { walkElements } from './walk.ts';

/** Matroska and WebM (RFC 8794, RFC 9559). */
export const matroska = examinedFormat({ walk: walkElements, examine, strip: stripElements });
