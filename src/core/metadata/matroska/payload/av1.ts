import { obuProblem, obus } from '../../av1/index.ts';
import { concat } from '../text.ts';
import { type Cleaned, type Hidden, type OpenPayload, unchanged } from './payload.ts';

/** Bytes of `av1C` before its open bitstream units (AV1 codec ISO media file format binding section 2.3). */
const RECORD_HEAD = 4;

export const av1: OpenPayload = (setup) => {
  if (setup.length < RECORD_HEAD) return 'an AV1 configuration that cannot be read';
  const units = cleanUnits(setup.subarray(RECORD_HEAD));
  const cleaned: Cleaned =
    units.hidden.length === 0
      ? unchanged(setup)
      : { bytes: concat([setup.subarray(0, RECORD_HEAD), units.bytes]), hidden: units.hidden };
  return { setup: cleaned, frame: cleanUnits, looksInside: true };
};

function cleanUnits(bytes: Uint8Array): Cleaned {
  const units = obus(bytes);
  if (!units) return { bytes: new Uint8Array(0), hidden: [{ what: 'a broken frame', betrays: 'unknown' }] };
  const hidden: Hidden[] = [];
  const kept: Uint8Array[] = [];
  for (const unit of units) {
    const problem = obuProblem(bytes, unit);
    if (problem === undefined) kept.push(bytes.subarray(unit.start, unit.end));
    else hidden.push({ what: `${problem} in the coded picture`, betrays: 'unknown' });
  }
  return hidden.length === 0 ? unchanged(bytes) : { bytes: concat(kept), hidden };
}
