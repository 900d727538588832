import { examinedFormat } from '../matroska/examined-format.ts';
import { examine } from './examine.ts';
import { stripPackets } from './strip.ts';
import { walkPackets } from './walk.ts';

/** MPEG transport streams, bare and as M2TS (ISO/IEC 13818-1, ETSI EN 300 468). */
export const mpegts = examinedFormat({ walk: walkPackets, examine, strip: stripPackets });
