export { type AvcConfiguration, avcConfiguration, cleanAvcConfiguration } from './avc-configuration.ts';
export { type Judgement, judgeUnit } from './clean-units.ts';
export { cleanHevcConfiguration, type HevcConfiguration, hevcConfiguration } from './hevc-configuration.ts';
export {
  annexBUnits,
  lengthPrefixedUnits,
  type NalCodec,
  type NalHeader,
  type NalKind,
  type NalUnit,
  nalHeader,
} from './nal-unit.ts';
export { isNeeded, NEEDED_SEI, type SeiMessage, seiMessages, seiName, userDataText } from './sei.ts';
export { type Objection, objectionsAt } from './units-at.ts';
