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

/** Where a cluster begins, from the first one, and its time. */
export interface CuePoint {
  readonly time: number;
  readonly track: number;
  readonly cluster: number;
}

/** Positions are not known until every size is, so they are written in a fixed width. */
const WIDE = 8;

export interface HeadParts {
  readonly info: Uint8Array;
  readonly tracks: Uint8Array;
  /** Bytes of all clusters. */
  readonly clusters: number;
  /** Bytes of the index behind them; 0 for none. */
  readonly cues: number;
}

/** From the Segment's header to the first cluster: SeekHead, Info and Tracks, as long whatever the numbers are. */
export function writeSegmentHead({ info, tracks, clusters, cues }: HeadParts): Uint8Array {
  const seekHead = (positions: readonly (readonly [string, number])[]) =>
    master(
      'SeekHead',
      ...positions.map(([name, position]) =>
        master(
          'Seek',
          element('SeekID', header(name, 0).subarray(0, 4)),
          uintElement('SeekPosition', position, WIDE),
        ),
      ),
    );
  const three = (infoAt: number, tracksAt: number, cuesAt: number) =>
    seekHead([
      ['Info', infoAt],
      ['Tracks', tracksAt],
      // Where there is no index its place is taken, since the file has grown behind it.
      cues > 0 ? ['Cues', cuesAt] : ['Tracks', tracksAt],
    ]);
  const infoAt = three(0, 0, 0).length;
  const tracksAt = infoAt + info.length;
  const first = tracksAt + tracks.length;
  const content = concat([three(infoAt, tracksAt, first + clusters), info, tracks]);
  return concat([header('Segment', content.length + clusters + cues, WIDE), content]);
}

/** The index, which follows the clusters. `first` is where they begin, from the Segment's header. */
export function writeCues(cues: readonly CuePoint[], first: number): Uint8Array {
  if (cues.length === 0) return new Uint8Array(0);
  const data = first - header('Segment', 0, WIDE).length;
  return master('Cues', ...cues.map((cue) => writeCue(cue, data)));
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
