import { allExiftoolTags, type ExiftoolTags } from './exiftool.ts';

/**
 * What exiftool reads in a film or picture of boxes that only describes how it is built: sizes, rates, tables.
 * Dates are here too, as long as they are zero.
 */
const STRUCTURAL = new Set(
  `SourceFile FileType FileTypeExtension MIMEType MajorBrand MinorVersion CompatibleBrands MovieHeaderVersion
  TimeScale Duration PreferredRate PreferredVolume MatrixStructure PreviewTime PreviewDuration PosterTime
  SelectionTime SelectionDuration CurrentTime NextTrackID MediaDataSize MediaDataOffset MediaData
  TrackHeaderVersion TrackID TrackDuration TrackLayer TrackVolume ImageWidth ImageHeight Unknown_edts
  MediaHeaderVersion MediaTimeScale MediaDuration MediaLanguageCode HandlerType HandlerDescription GraphicsMode
  OpColor CompressorID SourceImageWidth SourceImageHeight XResolution YResolution BitDepth AVCConfiguration
  HEVCConfiguration PixelAspectRatio BufferSize MaxBitrate AverageBitrate VideoFrameRate SyncSampleTable
  CompositionTimeToSample TimeToSampleTable SampleToChunk SampleSizes ChunkOffset Balance AudioFormat
  AudioChannels AudioBitsPerSample AudioSampleRate Unknown_esds Unknown_av1C Unknown_vpcC Unknown_fiel ColorProfiles
  ColorPrimaries TransferCharacteristics MatrixCoefficients VideoFullRangeFlag Rotation AvgBitrate ImageSize
  Megapixels CleanAperture Free SampleGroupDescription SampleToGroup Unknown_btrt IdependentAndDisposableSamples PrimaryItemReference ItemLocation ItemInformation ItemPropertyAssociation
  ImageSpatialExtent ImagePixelDepth MetaImageSize AV1ConfigurationVersion AuxiliaryImageType
  CleanApertureHeight CleanApertureWidth CleanApertureOffsetX CleanApertureOffsetY VideoFieldOrder Unknown_hvcC
  Unknown_clli Unknown_mdcv Unknown_dOps AverageFrameRate BitDepthChroma BitDepthLuma ChromaFormat
  ChromaSamplePosition ConstantFrameRate ConstraintIndicatorFlags GenProfileCompatibilityFlags GeneralLevelIDC
  GeneralProfileIDC GeneralProfileSpace GeneralTierFlag HEVCConfigurationVersion InitialDelaySamples
  MinSpatialSegmentationIDC NumTemporalLayers ParallelismType SeqProfile SeqTier0 TemporalIDNested
  SeqLevelIdx0 HighBitDepth TwelveBit ChromaMonochrome ChromaSubsamplingX ChromaSubsamplingY`.split(/\s+/),
);
/** Bytes that exiftool shows one by one: parameter sets, and the range flag of a colour. */
const RAW = /^QuickTime_(HEVCConfig|AV1Config|ColorRep)_0x/;
/** A minimal profile; that it is one is for `verify`. */
const PROFILE_GROUPS = ['ICC-header', 'ICC_Profile'];
const FIXED: Readonly<Record<string, readonly unknown[]>> = {
  CreateDate: ['0000:00:00 00:00:00'],
  ModifyDate: ['0000:00:00 00:00:00'],
  TrackCreateDate: ['0000:00:00 00:00:00'],
  TrackModifyDate: ['0000:00:00 00:00:00'],
  MediaCreateDate: ['0000:00:00 00:00:00'],
  MediaModifyDate: ['0000:00:00 00:00:00'],
  HandlerDescription: ['VideoHandler', 'SoundHandler'],
  MediaLanguageCode: ['und'],
};

/** What exiftool reads in a file that is not structure. */
export const tellingTags = (file: string): ExiftoolTags => telling(allExiftoolTags(file));

/** Tags that exiftool has read, minus those that are structure. */
export function telling(tags: ExiftoolTags): ExiftoolTags {
  const found = Object.entries(tags).filter(([full, value]) => {
    const [group, name = group] = full.split(':');
    if (['System', 'ExifTool', ...PROFILE_GROUPS].includes(group) || RAW.test(name)) return false;
    return FIXED[name] ? !FIXED[name].includes(value) : !STRUCTURAL.has(name);
  });
  return Object.fromEntries(found);
}
