import type { Betrays } from '../format.ts';

/** What an element that has no business in a clean file says about people, places and devices. */
export interface Label {
  readonly betrays: Betrays;
  readonly label: string;
}

/** By element name; names of masters speak for all that they hold unless a child has its own row. */
export const LABELS: Readonly<Record<string, Label>> = {
  Title: { betrays: 'who', label: 'title' },
  DateUTC: { betrays: 'when', label: 'date and time of recording' },
  MuxingApp: { betrays: 'device', label: 'program that wrote the file' },
  WritingApp: { betrays: 'device', label: 'program that made the film' },
  SegmentUUID: { betrays: 'who', label: 'identifier of this very recording' },
  PrevUUID: { betrays: 'who', label: 'identifier of a related recording' },
  NextUUID: { betrays: 'who', label: 'identifier of a related recording' },
  SegmentFamily: { betrays: 'who', label: 'identifier of related recordings' },
  SegmentFilename: { betrays: 'who', label: 'file name' },
  PrevFilename: { betrays: 'who', label: 'name of a related file' },
  NextFilename: { betrays: 'who', label: 'name of a related file' },
  Name: { betrays: 'who', label: 'track name' },
  Language: { betrays: 'where', label: 'language of a track' },
  LanguageBCP47: { betrays: 'where', label: 'language of a track' },
  TrackUID: { betrays: 'who', label: 'identifier of a track' },
  CodecName: { betrays: 'device', label: 'name of the codec' },
  CodecSettings: { betrays: 'device', label: 'settings of the encoder' },
  CodecInfoURL: { betrays: 'device', label: 'web address of the codec' },
  CodecDownloadURL: { betrays: 'device', label: 'web address of the codec' },
  TagString: { betrays: 'who', label: 'tag' },
  TagBinary: { betrays: 'unknown', label: 'tag with binary content' },
  TagName: { betrays: 'who', label: 'name of a tag' },
  FileName: { betrays: 'who', label: 'name of an attached file' },
  FileDescription: { betrays: 'who', label: 'description of an attached file' },
  FileData: { betrays: 'other-pictures', label: 'attached file' },
  FileUID: { betrays: 'who', label: 'identifier of an attached file' },
  ChapString: { betrays: 'who', label: 'chapter title' },
  ChapterDisplay: { betrays: 'who', label: 'chapter title' },
  Chapters: { betrays: 'edited', label: 'chapters' },
  Void: { betrays: 'unknown', label: 'leftover content in padding' },
  ProjectionPrivate: { betrays: 'device', label: 'projection data of the camera' },
  BlockAdditional: { betrays: 'unknown', label: 'data beside the picture' },
  BlockAddIDExtraData: { betrays: 'device', label: 'data about what lies beside the picture' },
  Timestamp: { betrays: 'when', label: 'times that count from a clock' },
};

/** Tags whose name says more than "tag" (Matroska tag specification, and what phones and FFmpeg write). */
export const TAG_LABELS: readonly { readonly name: RegExp; readonly finding: Label }[] = [
  { name: /LOCATION|GPS|LATITUDE|LONGITUDE|COUNTRY|CITY/i, finding: { betrays: 'where', label: 'place' } },
  { name: /DATE|TIME|YEAR/i, finding: { betrays: 'when', label: 'date' } },
  {
    name: /ENCODER|MAKE|MODEL|DEVICE|SOFTWARE|FIRMWARE|VENDOR|HANDLER/i,
    finding: { betrays: 'device', label: 'device or encoder' },
  },
  { name: /HISTORY|DESCRIPTION|COMMENT/i, finding: { betrays: 'edited', label: 'description' } },
];

/** Elements that only help a reader along and say nothing: rejected in a clean file, not shown to a person. */
export const SILENT: ReadonlySet<string> = new Set([
  'CRC-32',
  'Position',
  'PrevSize',
  'SeekID',
  'SeekPosition',
  'CueRelativePosition',
  'CueDuration',
  'CueBlockNumber',
  'FlagEnabled',
  'FlagOriginal',
  'MinCache',
  'MaxCache',
  'CodecDecodeAll',
  'BlockAddIDType',
  'EBMLMaxIDLength',
  'EBMLMaxSizeLength',
  'DocTypeVersion',
  'DocTypeReadVersion',
  'TargetTypeValue',
  'TargetType',
  'Targets',
  'TagTrackUID',
  'TagLanguage',
  'TagDefault',
  'TagName',
  'ContentEncodingOrder',
  'ContentEncodingScope',
  'ContentEncodingType',
  'ContentCompAlgo',
  'ContentCompSettings',
  'ReferencePriority',
  'TrackTimestampScale',
]);
