import { SayehError } from '../../errors.ts';
import type { ByteSource } from '../byte-source.ts';
import type { Betrays, Finding } from '../format.ts';
import {
  lengthPrefixedUnits,
  type NalCodec,
  nalHeader,
  seiMessages,
  seiName,
  userDataText,
} from '../h26x/index.ts';
import { u32be } from '../still/bytes.ts';
import { Window } from '../window.ts';
import { contentOf } from './box-content.ts';
import { type Box, findBox } from './box-tree.ts';
import { hiddenSamples, hiddenSeconds, presentationOf, tickOf } from './edits.ts';
import { latin, utf8 } from './field-reader.ts';
import { macTime } from './mac-time.ts';
import type { Movie, Track } from './movie.ts';
import { COMPRESSORS, HANDLER_NAMES } from './movie-rules.ts';
import { cleanerFor } from './sample-cleaners.ts';
import { samplesOf } from './sample-reader.ts';
import { positionIn } from './telemetry.ts';

/** What the tracks of a film reveal. */
export async function trackFindings(source: ByteSource, movie: Movie): Promise<Finding[]> {
  const findings: Finding[] = [];
  const chapters = await chapterTracks(source, movie);
  const seen = new Set<string>();
  for (const track of movie.tracks) {
    findings.push(...headerFindings(track));
    // The first of each is the film itself.
    const isMain = ['vide', 'soun'].includes(track.handler) && !seen.has(track.handler);
    seen.add(track.handler);
    if (!isMain) findings.push(await foreignTrack(source, track, chapters.has(track.header.id)));
    else findings.push(...editFindings(track, movie), ...(await entryFindings(source, track)));
    if (isMain) findings.push(...(await sampleFindings(source, track)));
  }
  return findings;
}

function headerFindings({ box, header, handlerName, language }: Track): Finding[] {
  const findings: Finding[] = [];
  if (header.created || header.modified)
    findings.push({
      betrays: 'when',
      part: `${box.path}/tkhd`,
      label: 'time of recording',
      value: macTime(header.created || header.modified),
    });
  if (!HANDLER_NAMES.includes(handlerName))
    findings.push({
      betrays: 'device',
      part: `${box.path}/mdia/hdlr`,
      label: "name that the writer's software gave the track",
      value: handlerName,
    });
  if (language !== 'und')
    findings.push({ betrays: 'who', part: `${box.path}/mdia/mdhd`, label: 'language', value: language });
  return findings;
}

/** Tracks beside picture and sound, by the kind of their samples. */
const FOREIGN: Readonly<Record<string, readonly [Betrays, string]>> = {
  gpmd: ['where', "GoPro's telemetry: position, motion, light"],
  camm: ['where', 'camera motion and position'],
  mebx: ['where', 'timed metadata, which may hold positions and faces'],
  CTMD: ['device', "Canon's timed metadata"],
  rtmd: ['device', "Sony's timed metadata, which may hold positions"],
  fdsc: ['device', "GoPro's file description"],
  tmcd: ['when', 'time code'],
  text: ['unknown', 'text'],
  tx3g: ['unknown', 'subtitles, in which drones write their position'],
  sbtl: ['unknown', 'subtitles, in which drones write their position'],
  c608: ['unknown', 'closed captions'],
  jpeg: ['other-pictures', 'still pictures'],
  pict: ['other-pictures', 'a sequence of pictures'],
  auxv: ['other-pictures', 'pictures beside the pictures: transparency or depth'],
};

/** Tracks that others name as their chapters (QuickTime File Format, "chapter lists"). */
async function chapterTracks(source: ByteSource, { tracks }: Movie): Promise<Set<number>> {
  const chapters = new Set<number>();
  for (const { box } of tracks) {
    const list = findBox(box.children ?? [], 'tref', 'chap');
    if (!list) continue;
    const content = await contentOf(source, list);
    for (let at = 0; at + 4 <= content.length; at += 4) chapters.add(u32be(content, at));
  }
  return chapters;
}

async function foreignTrack(source: ByteSource, track: Track, isChapters: boolean): Promise<Finding> {
  const part = track.box.path;
  const entry = track.descriptions[0]?.type ?? '';
  const known = FOREIGN[entry] ?? FOREIGN[track.handler];
  if (isChapters && track.handler === 'vide')
    return { betrays: 'other-pictures', part, label: 'pictures of the chapters' };
  if (track.handler === 'vide')
    return { betrays: 'other-pictures', part, label: 'a second track of pictures' };
  if (track.handler === 'soun') return { betrays: 'sound', part, label: 'a second track of sound' };
  const [betrays, label] = known ?? (['unknown', `a track of kind ${track.handler}`] as const);
  const text = ['text', 'sbtl', 'subt', 'clcp'].includes(track.handler)
    ? await firstText(source, track)
    : undefined;
  if (isChapters) return { betrays: 'edited', part, label: 'chapters', ...(text ? { value: text } : {}) };
  const place = await firstPosition(source, track, entry);
  if (place) return { betrays: 'where', part, label: `track: ${label}`, value: place };
  if (text && POSITION.test(text))
    return { betrays: 'where', part, label: 'positions written as subtitles', value: text };
  return { betrays, part, label: `track: ${label}`, ...(text ? { value: text } : {}) };
}

/** `GPS`, or two numbers with four decimals or more as coordinates have. */
const POSITION = /gps|lat|[-+]?\d{1,3}\.\d{4,}[^\d]{1,12}[-+]?\d{1,3}\.\d{4,}/i;

/** Samples of telemetry that are looked at: a receiver takes a while to find its place. */
const LOOKED_FOR_POSITION = 50;

async function firstPosition(source: ByteSource, track: Track, kind: string): Promise<string | undefined> {
  if (kind !== 'gpmd' && kind !== 'camm') return undefined;
  for (const sample of await firstSamples(source, track, LOOKED_FOR_POSITION)) {
    const position = positionIn(kind, sample);
    if (position) return position;
  }
  return undefined;
}

async function firstText(source: ByteSource, track: Track): Promise<string | undefined> {
  for (const bytes of await firstSamples(source, track, 4)) {
    // tx3g and QuickTime text: a length, then the text.
    const text = utf8(bytes.subarray(2, 2 + (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0)));
    if (text.trim()) return text.trim().slice(0, 400);
  }
  return undefined;
}

function editFindings(track: Track, movie: Movie): Finding[] {
  const part = `${track.box.path}/edts/elst`;
  if (track.edits.length === 0) return [];
  const shown = presentationOf(track, movie);
  if (!shown) return [{ betrays: 'edited', part, label: 'an edit list of several stretches' }];
  if (track.handler === 'soun') {
    const seconds = hiddenSeconds(track, shown);
    return seconds > 0
      ? [
          {
            betrays: 'sound',
            part,
            label: `${seconds.toFixed(1)} s of sound that are in the file and never played`,
          },
        ]
      : [];
  }
  const hidden = hiddenSamples(track.samples, shown, tickOf(track, movie)).length;
  return hidden > 0
    ? [{ betrays: 'other-pictures', part, label: `${hidden} pictures that are in the file and never shown` }]
    : [];
}

async function entryFindings(source: ByteSource, { descriptions }: Track): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const entry of descriptions) {
    if (!findBox(entry.children ?? [], 'avcC') && !findBox(entry.children ?? [], 'hvcC')) continue;
    const name = (await contentOf(source, entry)).subarray(42, 74);
    const text = latin(name.subarray(1, 1 + Math.min(31, name[0])));
    if (!COMPRESSORS.includes(text))
      findings.push({ betrays: 'device', part: entry.path, label: 'compressor name', value: text });
  }
  return findings;
}

/** Encoders sign the first picture; a few more are enough to see what every one carries. */
const LOOKED_AT = 8;

async function sampleFindings(source: ByteSource, track: Track): Promise<Finding[]> {
  const [entry] = track.descriptions;
  if (!entry) return [];
  const part = `${track.box.path}/(samples)`;
  const labels = new Map<string, Finding>();
  try {
    const clean = await cleanerFor(source, entry);
    const samples = clean ? await firstSamples(source, track, LOOKED_AT) : [];
    const lengthSize = await lengthSizeOf(source, entry);
    for (const sample of samples) {
      for (const text of lengthSize ? signatures(sample, lengthSize) : [])
        labels.set('signature', {
          betrays: 'device',
          part,
          label: "the encoder's signature and settings",
          value: text,
        });
      for (const reason of clean?.(sample).reasons ?? [])
        labels.set(reason, {
          betrays: /tim(e|ing)/.test(reason) ? 'when' : 'device',
          part,
          label: `beside the coded data: ${reason}`,
        });
    }
  } catch (error) {
    if (!(error instanceof SayehError)) throw error;
  }
  return [...labels.values()];
}

async function lengthSizeOf(
  source: ByteSource,
  entry: Box,
): Promise<{ codec: NalCodec; size: number } | undefined> {
  const avc = findBox(entry.children ?? [], 'avcC');
  if (avc) return { codec: 'h264', size: ((await contentOf(source, avc))[4] & 3) + 1 };
  const hevc = findBox(entry.children ?? [], 'hvcC');
  return hevc && { codec: 'h265', size: ((await contentOf(source, hevc))[21] & 3) + 1 };
}

function signatures(sample: Uint8Array, { codec, size }: { codec: NalCodec; size: number }): string[] {
  const texts: string[] = [];
  for (const unit of lengthPrefixedUnits(sample, size) ?? []) {
    const header = nalHeader(codec, sample, unit);
    if (header.kind !== 'message') continue;
    for (const message of seiMessages(sample, unit, header) ?? []) {
      const text = userDataText(message);
      if (text) texts.push(`${seiName(message.type)}: ${text.slice(0, 400)}`);
    }
  }
  return texts;
}

async function firstSamples(source: ByteSource, track: Track, most: number): Promise<Uint8Array[]> {
  const reader = new Window(source);
  const samples: Uint8Array[] = [];
  for (let chunk = 0; chunk < track.samples.chunks.offsets.length; chunk++) {
    for (const { offset, length } of samplesOf(track, chunk)) {
      if (samples.length >= most) return samples;
      samples.push((await reader.exactly(offset, length)).slice());
    }
  }
  return samples;
}
