import { codecOf } from './codecs.ts';
import { latin } from './text.ts';
import { bytesOf, CODED, number, signed, text, unsigned, type Values } from './values.ts';

/** A leaf element that a clean file may hold; everything not named here is a violation. */
export interface Row {
  /** Names from the outermost element in, without the numbers that tell siblings apart. */
  readonly place: string;
  readonly why: string;
  readonly values: Values;
}

/** Both application names are mandatory (RFC 9559 section 5.1.2). This is what FFmpeg writes in bit-exact mode. */
export const APPLICATION = 'Lavf';

/** Cluster timestamps may start up to this many milliseconds in; later ones could be a clock's. */
export const LATEST_START_MS = 60_000;

/** Tracks, times and positions are counted, so they are small; the largest that any honest file needs. */
const COUNT = 127;
const TIME = 2 ** 48;
const POSITION = Number.MAX_SAFE_INTEGER;
const PIXELS = 2 ** 16;

const codecId: Values = {
  says: 'a codec that Sayeh knows',
  allows: (id) => codecOf(latin(id)) !== undefined,
};

const EBML = 'EBML';
const INFO = 'Segment/Info';
const SEEK = 'Segment/SeekHead/Seek';
const TRACK = 'Segment/Tracks/TrackEntry';
const VIDEO = `${TRACK}/Video`;
const COLOUR = `${VIDEO}/Colour`;
const LIGHT = `${COLOUR}/MasteringMetadata`;
const AUDIO = `${TRACK}/Audio`;
const CUE = 'Segment/Cues/CuePoint';
const CLUSTER = 'Segment/Cluster';
const GROUP = `${CLUSTER}/BlockGroup`;
const MORE = `${GROUP}/BlockAdditions/BlockMore`;

const flag = unsigned(0, 1);
const chromaticity = number(0, 1);

export const ALLOWLIST: readonly Row[] = [
  { place: `${EBML}/EBMLVersion`, why: 'tells that this is EBML', values: unsigned(1, 1) },
  { place: `${EBML}/EBMLReadVersion`, why: 'tells that this is EBML', values: unsigned(1, 1) },
  { place: `${EBML}/EBMLMaxIDLength`, why: 'how to read ids', values: unsigned(4, 4) },
  { place: `${EBML}/EBMLMaxSizeLength`, why: 'how to read sizes', values: unsigned(8, 8) },
  { place: `${EBML}/DocType`, why: 'Matroska or WebM', values: text('matroska', 'webm') },
  { place: `${EBML}/DocTypeVersion`, why: 'how to read the rest', values: unsigned(1, 4) },
  { place: `${EBML}/DocTypeReadVersion`, why: 'how to read the rest', values: unsigned(1, 4) },

  {
    place: `${SEEK}/SeekID`,
    why: 'finds the parts',
    values: bytesOf([0x15, 0x49, 0xa9, 0x66], [0x16, 0x54, 0xae, 0x6b], [0x1c, 0x53, 0xbb, 0x6b]),
  },
  { place: `${SEEK}/SeekPosition`, why: 'finds the parts', values: unsigned(0, POSITION) },

  { place: `${INFO}/TimestampScale`, why: 'unit of every time', values: unsigned(1, 1e9) },
  { place: `${INFO}/Duration`, why: 'length of the film', values: number(0, TIME) },
  { place: `${INFO}/MuxingApp`, why: 'mandatory', values: text(APPLICATION) },
  { place: `${INFO}/WritingApp`, why: 'mandatory', values: text(APPLICATION) },

  { place: `${TRACK}/TrackNumber`, why: 'ties blocks to a track', values: unsigned(1, COUNT) },
  { place: `${TRACK}/TrackUID`, why: 'mandatory', values: unsigned(1, COUNT) },
  { place: `${TRACK}/TrackType`, why: 'picture or sound', values: unsigned(1, 2) },
  { place: `${TRACK}/FlagEnabled`, why: 'whether to play it', values: flag },
  { place: `${TRACK}/FlagDefault`, why: 'whether to play it', values: flag },
  { place: `${TRACK}/FlagForced`, why: 'whether to play it', values: flag },
  { place: `${TRACK}/FlagLacing`, why: 'several frames a block', values: flag },
  { place: `${TRACK}/DefaultDuration`, why: 'frame rate', values: unsigned(1, 1e12) },
  { place: `${TRACK}/Language`, why: 'absent would mean English', values: text('und') },
  { place: `${TRACK}/CodecID`, why: 'which decoder', values: codecId },
  { place: `${TRACK}/CodecPrivate`, why: 'how to decode', values: CODED },
  { place: `${TRACK}/CodecDelay`, why: 'where the sound begins', values: unsigned(0, 1e10) },
  { place: `${TRACK}/SeekPreRoll`, why: 'where the sound begins', values: unsigned(0, 1e10) },
  { place: `${TRACK}/MaxBlockAdditionID`, why: 'transparency', values: unsigned(0, 1) },

  { place: `${VIDEO}/FlagInterlaced`, why: 'how to show it', values: unsigned(0, 2) },
  { place: `${VIDEO}/FieldOrder`, why: 'how to show it', values: unsigned(0, 14) },
  { place: `${VIDEO}/StereoMode`, why: 'how to show it', values: unsigned(0, 14) },
  { place: `${VIDEO}/AlphaMode`, why: 'transparency', values: flag },
  { place: `${VIDEO}/PixelWidth`, why: 'size of the picture', values: unsigned(1, PIXELS) },
  { place: `${VIDEO}/PixelHeight`, why: 'size of the picture', values: unsigned(1, PIXELS) },
  { place: `${VIDEO}/PixelCropTop`, why: 'what to show of it', values: unsigned(0, PIXELS) },
  { place: `${VIDEO}/PixelCropBottom`, why: 'what to show of it', values: unsigned(0, PIXELS) },
  { place: `${VIDEO}/PixelCropLeft`, why: 'what to show of it', values: unsigned(0, PIXELS) },
  { place: `${VIDEO}/PixelCropRight`, why: 'what to show of it', values: unsigned(0, PIXELS) },
  { place: `${VIDEO}/DisplayWidth`, why: 'shape of the picture', values: unsigned(1, PIXELS) },
  { place: `${VIDEO}/DisplayHeight`, why: 'shape of the picture', values: unsigned(1, PIXELS) },
  { place: `${VIDEO}/DisplayUnit`, why: 'shape of the picture', values: unsigned(0, 4) },
  { place: `${VIDEO}/UncompressedFourCC`, why: 'layout of raw pictures', values: rawLayout() },
  { place: `${VIDEO}/Projection/ProjectionType`, why: 'flat or round', values: unsigned(0, 3) },
  { place: `${VIDEO}/Projection/ProjectionPoseYaw`, why: 'which way is up', values: number(-180, 180) },
  { place: `${VIDEO}/Projection/ProjectionPosePitch`, why: 'which way is up', values: number(-90, 90) },
  { place: `${VIDEO}/Projection/ProjectionPoseRoll`, why: 'which way is up', values: number(-180, 180) },

  { place: `${COLOUR}/MatrixCoefficients`, why: 'colours', values: unsigned(0, 255) },
  { place: `${COLOUR}/BitsPerChannel`, why: 'colours', values: unsigned(0, 32) },
  { place: `${COLOUR}/ChromaSubsamplingHorz`, why: 'colours', values: unsigned(0, 4) },
  { place: `${COLOUR}/ChromaSubsamplingVert`, why: 'colours', values: unsigned(0, 4) },
  { place: `${COLOUR}/CbSubsamplingHorz`, why: 'colours', values: unsigned(0, 4) },
  { place: `${COLOUR}/CbSubsamplingVert`, why: 'colours', values: unsigned(0, 4) },
  { place: `${COLOUR}/ChromaSitingHorz`, why: 'colours', values: unsigned(0, 2) },
  { place: `${COLOUR}/ChromaSitingVert`, why: 'colours', values: unsigned(0, 2) },
  { place: `${COLOUR}/Range`, why: 'colours', values: unsigned(0, 3) },
  { place: `${COLOUR}/TransferCharacteristics`, why: 'colours', values: unsigned(0, 255) },
  { place: `${COLOUR}/Primaries`, why: 'colours', values: unsigned(0, 255) },
  { place: `${COLOUR}/MaxCLL`, why: 'brightness', values: unsigned(0, PIXELS) },
  { place: `${COLOUR}/MaxFALL`, why: 'brightness', values: unsigned(0, PIXELS) },
  { place: `${LIGHT}/PrimaryRChromaticityX`, why: 'colours', values: chromaticity },
  { place: `${LIGHT}/PrimaryRChromaticityY`, why: 'colours', values: chromaticity },
  { place: `${LIGHT}/PrimaryGChromaticityX`, why: 'colours', values: chromaticity },
  { place: `${LIGHT}/PrimaryGChromaticityY`, why: 'colours', values: chromaticity },
  { place: `${LIGHT}/PrimaryBChromaticityX`, why: 'colours', values: chromaticity },
  { place: `${LIGHT}/PrimaryBChromaticityY`, why: 'colours', values: chromaticity },
  { place: `${LIGHT}/WhitePointChromaticityX`, why: 'colours', values: chromaticity },
  { place: `${LIGHT}/WhitePointChromaticityY`, why: 'colours', values: chromaticity },
  { place: `${LIGHT}/LuminanceMax`, why: 'brightness', values: number(0, PIXELS) },
  { place: `${LIGHT}/LuminanceMin`, why: 'brightness', values: number(0, PIXELS) },

  { place: `${AUDIO}/SamplingFrequency`, why: 'how to play it', values: number(1, 1e6) },
  { place: `${AUDIO}/OutputSamplingFrequency`, why: 'how to play it', values: number(1, 1e6) },
  { place: `${AUDIO}/Channels`, why: 'how to play it', values: unsigned(1, 64) },
  { place: `${AUDIO}/BitDepth`, why: 'how to play it', values: unsigned(1, 64) },

  { place: `${CUE}/CueTime`, why: 'jumping in the film', values: unsigned(0, TIME) },
  { place: `${CUE}/CueTrackPositions/CueTrack`, why: 'jumping in the film', values: unsigned(1, COUNT) },
  {
    place: `${CUE}/CueTrackPositions/CueClusterPosition`,
    why: 'jumping in the film',
    values: unsigned(0, POSITION),
  },

  { place: `${CLUSTER}/Timestamp`, why: 'when to show its blocks', values: unsigned(0, TIME) },
  { place: `${CLUSTER}/SimpleBlock`, why: 'picture and sound', values: CODED },
  { place: `${GROUP}/Block`, why: 'picture and sound', values: CODED },
  { place: `${GROUP}/BlockDuration`, why: 'how long to show it', values: unsigned(0, TIME) },
  { place: `${GROUP}/ReferenceBlock`, why: 'that it is no key frame', values: signed },
  { place: `${GROUP}/DiscardPadding`, why: 'where the sound ends', values: signed },
  { place: `${MORE}/BlockAddID`, why: 'transparency', values: unsigned(1, 1) },
  { place: `${MORE}/BlockAdditional`, why: 'transparency', values: CODED },
];

/** The layouts of raw pictures that decoders know by four characters. */
function rawLayout(): Values {
  return text(
    'I420',
    'IYUV',
    'YV12',
    'NV12',
    'YUY2',
    'UYVY',
    'Y800',
    'GREY',
    'RGB\x18',
    'BGR\x18',
    'RGBA',
    'BGRA',
  );
}

const ROWS = new Map(ALLOWLIST.map((row) => [row.place, row]));
const MASTERS = new Set(
  ALLOWLIST.flatMap(({ place }) => {
    const names = place.split('/');
    return names.slice(1).map((_, i) => names.slice(0, i + 1).join('/'));
  }),
);

export const rowOf = (place: string): Row | undefined => ROWS.get(place);
/** Whether something on the list lies inside this place. */
export const isMasterAllowed = (place: string): boolean => MASTERS.has(place);
