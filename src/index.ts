// The library: what the command line does, for programs, in their own process: a crash in native code is theirs too, and
// memory, time and the network are for them to limit. Everything else is internal.

export {
  DETECTOR_NAMES,
  type DetectorName,
  SENSITIVITIES,
  type Sensitivity,
} from './core/detect/catalogue.ts';
export { SayehError, type SayehErrorCode } from './core/errors.ts';
export { type GivenLimits, LIMITS, type Limits } from './core/limits.ts';
export type { MediaFormat, MediaType } from './core/media-type.ts';
export type { Finding, Part, Violation } from './core/metadata/format.ts';
export { type Plan, type PlanRisk, type PlanTrack, parsePlan } from './core/plan/plan.ts';
export type { Style } from './core/redact/redact.ts';
export { htmlReport } from './core/report/html.ts';
export { parseReport, type Report, type ReportFile, type ReportSettings } from './core/report/report.ts';
export type { Language } from './core/report/words/words.ts';
export { Detectors } from './node/inference/detectors.ts';
export type { VideoCodec } from './node/media/video/codecs.ts';
export { type AnalyseOptions, analyse } from './pipeline/analyse.ts';
export { type CompareOptions, type Comparison, compare } from './pipeline/compare.ts';
export { type Inspection, type InspectOptions, inspect } from './pipeline/inspect.ts';
export type { OnNote, OnProgress, Progress } from './pipeline/progress.ts';
export { type Protected, type ProtectOptions, protect } from './pipeline/protect.ts';
export { type RenderOptions, render } from './pipeline/render.ts';
export { reportOf, reportOn, type WrittenFile } from './pipeline/report.ts';
export {
  previewStrip,
  type StripOptions,
  type StripPreview,
  type Stripped,
  strip,
  stripInPlace,
} from './pipeline/strip.ts';
export { type Verification, verify } from './pipeline/verify.ts';
