import { APPLICATION, isMasterAllowed, rowOf } from './allowlist.ts';
import { float, type Node, uint } from './ebml.ts';
import { concat, latin } from './text.ts';
import { child, type Track } from './track.ts';
import { element, floatElement, header, master, textElement, uintElement } from './write-ebml.ts';

/** The EBML header, the same in every file but for the name of the format. */
export function writeEbmlHeader(source: Node | undefined): Uint8Array {
  const type = latin(child(source, 'DocType')?.bytes ?? new Uint8Array(0)).replace(/\0+$/, '');
  return master(
    'EBML',
    uintElement('EBMLVersion', 1),
    uintElement('EBMLReadVersion', 1),
    uintElement('EBMLMaxIDLength', 4),
    uintElement('EBMLMaxSizeLength', 8),
    textElement('DocType', type === 'webm' ? 'webm' : 'matroska'),
    uintElement('DocTypeVersion', 4),
    uintElement('DocTypeReadVersion', 2),
  );
}

/** RFC 9559 section 5.1.2.9: nanoseconds, one million unless said. */
export const timestampScale = (info: Node | undefined): number => {
  const stated = child(info, 'TimestampScale');
  const value = stated ? uint(stated.bytes) : undefined;
  return value && value <= 1e9 ? value : 1_000_000;
};

export function writeInfo(info: Node | undefined): Uint8Array {
  const stated = child(info, 'Duration');
  const duration = stated ? float(stated.bytes) : undefined;
  return master(
    'Info',
    uintElement('TimestampScale', timestampScale(info)),
    ...(duration !== undefined && duration >= 0 && duration <= 2 ** 48
      ? [floatElement('Duration', duration)]
      : []),
    textElement('MuxingApp', APPLICATION),
    textElement('WritingApp', APPLICATION),
  );
}

export const writeTracks = (tracks: readonly Track[]): Uint8Array =>
  master('Tracks', ...tracks.map(writeTrack));

const TRACK = 'Segment/Tracks/TrackEntry';

function writeTrack(track: Track): Uint8Array {
  const setup = track.payload.setup.bytes;
  const replaced: Readonly<Record<string, Uint8Array>> = {
    TrackNumber: uintElement('TrackNumber', track.newNumber),
    TrackUID: uintElement('TrackUID', track.newNumber),
    Language: textElement('Language', 'und'),
    CodecID: textElement('CodecID', latin(child(track.entry, 'CodecID')!.bytes).replace(/\0+$/, '')),
    CodecPrivate: setup.length > 0 ? element('CodecPrivate', setup) : new Uint8Array(0),
  };
  const rest = track.entry.children.filter(({ name }) => !(name in replaced));
  return master('TrackEntry', ...Object.values(replaced), ...copyAllowed(rest, TRACK));
}

/** The elements that the allowlist names with the values it takes; everything else is left behind. */
function copyAllowed(nodes: readonly Node[], place: string): Uint8Array[] {
  return nodes.flatMap(({ name, bytes, children }) => {
    const here = `${place}/${name}`;
    const row = rowOf(here);
    if (row) return row.values.allows(bytes) ? [element(name, bytes)] : [];
    if (!isMasterAllowed(here)) return [];
    const kept = copyAllowed(children, here);
    return kept.length > 0 ? [master(name, ...kept)] : [];
  });
}

/** Where a cluster begins, from the start of the Segment's data, and its time. */
export interface CuePoint {
  readonly time: number;
  readonly track: number;
  readonly cluster: number;
}

/** Positions are not known until every size is, so they are written in a fixed width. */
const WIDE = 8;

const SEEK_ENTRIES = ['Info', 'Tracks', 'Cues'];

export interface HeadParts {
  readonly info: Uint8Array;
  readonly tracks: Uint8Array;
  /** Clusters as offsets from the first one. */
  readonly cues: readonly CuePoint[];
  /** Bytes of all clusters. */
  readonly clustersLength: number;
}

/**
 * Everything from the Segment's header to the first cluster: SeekHead, Info, Tracks and Cues, in the order that
 * lets a player seek before it has the whole file.
 */
export function writeSegmentHead({ info, tracks, cues, clustersLength }: HeadParts): Uint8Array {
  const seekHead = (positions: readonly number[]) =>
    master(
      'SeekHead',
      ...SEEK_ENTRIES.slice(0, positions.length).map((name, i) =>
        master(
          'Seek',
          element('SeekID', header(name, 0).subarray(0, 4)),
          uintElement('SeekPosition', positions[i], WIDE),
        ),
      ),
    );
  const writeCues = (first: number) =>
    cues.length === 0 ? new Uint8Array(0) : master('Cues', ...cues.map((cue) => writeCue(cue, first)));

  const count = cues.length === 0 ? 2 : 3;
  const infoAt = seekHead(Array(count).fill(0)).length;
  const tracksAt = infoAt + info.length;
  const cuesAt = tracksAt + tracks.length;
  const first = cuesAt + writeCues(0).length;
  const content = concat([
    seekHead([infoAt, tracksAt, cuesAt].slice(0, count)),
    info,
    tracks,
    writeCues(first),
  ]);
  return concat([header('Segment', content.length + clustersLength, WIDE), content]);
}

function writeCue({ time, track, cluster }: CuePoint, first: number): Uint8Array {
  return master(
    'CuePoint',
    uintElement('CueTime', time),
    master(
      'CueTrackPositions',
      uintElement('CueTrack', track),
      uintElement('CueClusterPosition', first + cluster, WIDE),
    ),
  );
}
