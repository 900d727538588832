import { examinedFormat } from '../matroska/examined-format.ts';
import { examine } from './examine.ts';
import { stripChunks } from './strip.ts';
import { walkChunks } from './walk.ts';

/** AVI (RIFF 1991, AVI RIFF File Reference) and its extension for long films, OpenDML 1.02. */
export const avi = examinedFormat({ walk: walkChunks, examine, strip: stripChunks });
