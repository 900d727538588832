import type { Violation } from '../format.ts';
import type { Box } from './box-tree.ts';
import { hiddenSamples, hiddenSeconds, presentationOf, tickOf } from './edits.ts';
import { disjoint, divide, movieExtents } from './media-extents.ts';
import type { Movie, Track } from './movie.ts';
import { runsLength } from './sample-table.ts';

/** Holds a film's tables against each other and against `mdat`: what a box-by-box check cannot see. */
export function checkMovie(movie: Movie, boxes: readonly Box[]): Violation[] {
  return [
    ...checkTracks(movie),
    ...movie.tracks.flatMap((track) => [...checkTables(track), ...checkEdits(track, movie)]),
    ...checkMediaData(movie, boxes),
  ];
}

/** One track of pictures and one of sound: a second one is a second film. */
function checkTracks({ tracks }: Movie): Violation[] {
  const violations: Violation[] = [];
  if (!tracks.some(({ handler }) => handler === 'vide'))
    violations.push({ part: 'moov', reason: 'there is no track of pictures' });
  for (const kind of ['vide', 'soun'])
    for (const { box } of tracks.filter(({ handler }) => handler === kind).slice(1))
      violations.push({ part: box.path, reason: `a second track of kind ${kind}` });
  return violations;
}

function checkTables({ box, descriptions, samples }: Track): Violation[] {
  const violations: Violation[] = [];
  const note = (table: string, reason: string) =>
    violations.push({ part: `${box.path}/mdia/minf/stbl/${table}`, reason });
  if (descriptions.length !== 1) note('stsd', `${descriptions.length} sample descriptions`);
  for (const [name, runs] of [
    ['stts', samples.durations],
    ['ctts', samples.delays],
  ] as const) {
    if (!runs) continue;
    if (runs.counts.includes(0)) note(name, 'an entry for no samples');
    if (runsLength(runs) !== samples.count) note(name, 'it does not cover the samples exactly');
  }
  const { firstSamples, descriptions: used } = samples.chunks;
  if (used.some((description) => description !== 1)) note('stsc', 'a description that is not there');
  if (used.some((_, chunk) => firstSamples[chunk] === firstSamples[chunk + 1]))
    note('stsc', 'a chunk without samples');
  if (samples.sync?.some((sample, i, all) => i > 0 && sample <= all[i - 1]))
    note('stss', 'it is out of order');
  return violations;
}

function checkEdits(track: Track, movie: Movie): Violation[] {
  const part = `${track.box.path}/edts/elst`;
  const shown = presentationOf(track, movie);
  if (!shown) return [{ part, reason: 'more than one edit' }];
  if (track.handler === 'soun') {
    const seconds = hiddenSeconds(track, shown);
    return seconds > 0
      ? [{ part, reason: `${seconds.toFixed(2)} s of sound in the file are never played` }]
      : [];
  }
  if (track.edits.length === 0) return [];
  const hidden = hiddenSamples(track.samples, shown, tickOf(track, movie)).length;
  return hidden > 0 ? [{ part, reason: `${hidden} pictures in the file are never shown` }] : [];
}

function checkMediaData(movie: Movie, boxes: readonly Box[]): Violation[] {
  const violations: Violation[] = [];
  const extents = movieExtents(movie);
  const apart = disjoint(extents);
  const sum = (list: readonly { readonly length: number }[]) =>
    list.reduce((all, { length }) => all + length, 0);
  let room = 0;
  for (const mdat of boxes.filter((box) => box.type === 'mdat')) {
    const start = mdat.offset + mdat.headerLength;
    const end = mdat.offset + mdat.length;
    room += end - start;
    const unused = sum(divide(start, end, apart).filter(({ owner }) => owner === undefined));
    if (unused > 0) violations.push({ part: mdat.path, reason: `${unused} bytes that no sample refers to` });
  }
  if (sum(extents) !== sum(apart)) violations.push({ part: 'mdat', reason: 'samples overlap' });
  else if (sum(apart) > room && violations.length === 0)
    violations.push({ part: 'mdat', reason: 'samples lie outside it' });
  return violations;
}
