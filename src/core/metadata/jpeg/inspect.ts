import type { ByteSource } from '../byte-source.ts';
import { jumbfFindings } from '../c2pa/findings.ts';
import { exifFindings } from '../exif/findings.ts';
import type { Finding } from '../format.ts';
import { iccFindings } from '../icc/findings.ts';
import { photoshopFindings } from '../iptc/findings.ts';
import { concat, latin1, printable, readableRuns } from '../still/bytes.ts';
import { readPart } from '../still/copy.ts';
import { numberSiblings } from '../still/number-siblings.ts';
import { xmpFindings } from '../xmp/findings.ts';
import { rowFor } from './allowlist.ts';
import { EXIF_PREFIX, isPlainAdobe, isPlainJfif } from './blocks.ts';
import { joinedProfile } from './profile.ts';
import { isStandardTable } from './quantisation.ts';
import { scanTails } from './scan-tails.ts';
import type { Segment } from './segments.ts';
import { readStructure } from './structure.ts';
import { quantisationTables } from './tables.ts';
import type { TrailerItem } from './trailer.ts';

/** What the picture, its blocks and everything after its end reveal. */
export async function inspect(source: ByteSource): Promise<Finding[]> {
  const { segments, paths, trailer, trailerPaths } = await readStructure(source);
  const findings = await pictureFindings(source, segments, paths);
  for (const [i, item] of trailer.entries())
    findings.push(...(await trailerFindings(source, item, trailerPaths[i])));
  return findings;
}

async function pictureFindings(
  source: ByteSource,
  segments: readonly Segment[],
  paths: readonly string[],
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [i, segment] of segments.entries())
    findings.push(...(await segmentFindings(source, segment, paths[i])));
  const tails = await scanTails(source, segments);
  for (const [i, { offset }] of segments.entries())
    if (tails.has(offset))
      findings.push({
        betrays: 'unknown',
        part: paths[i],
        label: `${tails.get(offset)} bytes behind the last block of the coded picture`,
      });
  const profile = await joinedProfile(source, segments);
  if (profile) {
    const part = paths[segments.findIndex(({ application }) => application === 'icc')];
    findings.push(...iccFindings(profile, part));
  }
  findings.push(...(await jumbfBoxFindings(source, segments, paths)));
  return findings;
}

async function segmentFindings(source: ByteSource, segment: Segment, part: string): Promise<Finding[]> {
  const data = () => readPart(source, segment.dataOffset, segment.dataLength);
  if (segment.application) return applicationFindings(segment, part, await data());
  switch (segment.name) {
    case 'COM':
      return [{ betrays: 'who', part, label: 'comment', value: printable(latin1(await data(), 0, 1000)) }];
    case 'DQT':
      return quantisationFindings(await data(), part);
    case 'fill':
      return [];
    default:
      return rowFor(segment)
        ? []
        : [{ betrays: 'unknown', part, label: segment.what, ...said(await data()) }];
  }
}

async function applicationFindings(segment: Segment, part: string, data: Uint8Array): Promise<Finding[]> {
  switch (segment.application) {
    case 'jfif':
      if (isPlainJfif(data)) return [];
      return data[12] > 0 && data[13] > 0
        ? [{ betrays: 'other-pictures', part, label: 'thumbnail (JFIF)' }]
        : [{ betrays: 'device', part, label: 'resolution of the picture (JFIF)' }];
    case 'jfxx':
      return [{ betrays: 'other-pictures', part, label: 'thumbnail (JFIF extension)' }];
    case 'exif':
      return exifFindings(data.subarray(EXIF_PREFIX.length), part);
    case 'xmp':
      return xmpFindings(data.subarray('http://ns.adobe.com/xap/1.0/\0'.length), part);
    case 'xmp-extension':
      // 32 letters of digest, length and offset stand before the text.
      return xmpFindings(data.subarray('http://ns.adobe.com/xmp/extension/\0'.length + 40), part);
    case 'mpf':
      return [{ betrays: 'other-pictures', part, label: 'index of further pictures in the file (MPF)' }];
    case 'gain-map':
      return [{ betrays: 'other-pictures', part, label: 'HDR gain map' }];
    case 'thermal':
      return [{ betrays: 'other-pictures', part, label: 'thermal picture and camera data (FLIR)' }];
    case 'photoshop':
      return photoshopFindings(data.subarray(latin1(data, 0, 40).indexOf('8BIM')), part);
    case 'adobe':
      return isPlainAdobe(data) ? [] : [{ betrays: 'edited', part, label: 'Adobe encoder settings' }];
    case 'camera':
      return [{ betrays: 'device', part, label: segment.what, ...said(data) }];
    case 'icc': // may be spread over several segments
    case 'jumbf':
      return [];
    default:
      return [{ betrays: 'unknown', part, label: segment.what, ...said(data) }];
  }
}

function quantisationFindings(data: Uint8Array, part: string): Finding[] {
  const tables = quantisationTables(data);
  if (!tables || tables.every(isStandardTable)) return [];
  const label =
    'quantisation tables of the encoder (not the usual libjpeg ones: they can name a class of cameras)';
  // The first numbers of each, in zigzag order: enough to tell two encoders apart.
  const value = tables.map((table) => table.slice(0, 16).join(' ')).join(' / ');
  return [{ betrays: 'device', part, label, value }];
}

/** A JUMBF box may be spread over several segments, each with 8 bytes in front (ISO 19566-5 annex D). */
async function jumbfBoxFindings(
  source: ByteSource,
  segments: readonly Segment[],
  paths: readonly string[],
): Promise<Finding[]> {
  const places = segments.flatMap(({ application }, i) => (application === 'jumbf' ? [i] : []));
  if (places.length === 0) return [];
  const pieces: Uint8Array[] = [];
  for (const i of places.slice(0, 200))
    pieces.push((await readPart(source, segments[i].dataOffset, segments[i].dataLength)).subarray(8));
  return jumbfFindings(concat(...pieces), paths[places[0]]);
}

async function trailerFindings(source: ByteSource, item: TrailerItem, part: string): Promise<Finding[]> {
  switch (item.kind) {
    case 'padding':
      return [];
    case 'video':
      return [
        { betrays: 'other-pictures', part, label: 'video of a motion photo, with data of its own' },
        { betrays: 'sound', part, label: 'sound of a motion photo, if it has any' },
      ];
    case 'other':
      return [
        {
          betrays: 'unknown',
          part,
          label: item.what,
          ...said(await readPart(source, item.offset, item.length)),
        },
      ];
    case 'picture': {
      const segments = item.segments ?? [];
      const paths = numberSiblings(segments.map(({ name }) => name)).map((name) => `${part}/${name}`);
      return [
        {
          betrays: 'other-pictures',
          part,
          label: 'further picture after the end (preview, gain map or depth map)',
        },
        ...(await pictureFindings(source, segments, paths)),
      ];
    }
  }
}

/** What bytes that nobody understands say in letters. */
const said = (data: Uint8Array): { value?: string } => {
  const value = readableRuns(data);
  return value ? { value } : {};
};
