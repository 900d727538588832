import type { Betrays } from '../format.ts';

/** What a tag reveals. */
export interface TagMeaning {
  readonly betrays: Betrays;
  readonly label: string;
}

/** By the last words of the name, first match first. Covers Apple's and Android's keys and four-letter tags. */
const MEANINGS: readonly (readonly [RegExp, Betrays, string])[] = [
  [/location\.date|creationdate|©day|date$/i, 'when', 'date of recording'],
  [/location|©xyz|loci|gps|©loc/i, 'where', 'position'],
  [
    /live-photo|content\.identifier|MUID|GUMI|BCID|unique/i,
    'who',
    'identifier that links this file to others',
  ],
  [/serial|^CAME$/i, 'device', 'camera serial number'],
  [/make$|©mak|manufacturer|©cmm/i, 'device', 'maker of the camera'],
  [/model|©mod|©cmo/i, 'device', 'camera model'],
  [/FIRM|android\.version|©fmt|SDLN|smrd|smta|capture/i, 'device', 'camera settings or firmware'],
  [/LENS|lens|focal/i, 'device', 'lens'],
  [/^name$/, 'who', 'name of a track'],
  [/^©(TIM|TSC|TSZ)$/, 'when', 'time code of the tape'],
  [/SETT|HMMT|GPMF|PNTH|CNTH|CNDA|CNMN|XMP_EXIF/i, 'device', "the camera maker's private notes"],
  [/thmb|snal|pana|©pic/i, 'other-pictures', 'thumbnail'],
  [/covr/i, 'other-pictures', 'cover picture'],
  [/chpl|chap/i, 'edited', 'chapters'],
  [/software|©swr|©too|©enc|encoder|tool|©req|vndr/i, 'edited', 'software'],
  [
    /author|artist|©ART|aART|©aut|perf|©prf|©wrt|©com|©dir|©prd|director|producer|owner|ownr|©own|user/i,
    'who',
    'name',
  ],
  [/cprt|©cpy|copyright|apID|cnID|atID|plID|geID|purd|account/i, 'who', 'owner or account'],
  [
    /©nam|titl|title|displayname|©des|dscp|desc|comment|©cmt|©inf|©lyr|keyw|kywd|©alb|albm|album|©grp|©gen|gnre/i,
    'who',
    'title or comment',
  ],
  [/XMP_/i, 'unknown', 'XMP packet'],
];

/** What a tag of this name reveals; `unknown` where nobody can say. */
export function meaningOf(name: string): TagMeaning {
  const found = MEANINGS.find(([pattern]) => pattern.test(name));
  return found
    ? { betrays: found[1], label: found[2] }
    : { betrays: 'unknown', label: `tag ${JSON.stringify(name)}` };
}

/** User data that says how a player's window looked, and nothing else. */
export const HARMLESS = new Set(['WLOC', 'LOOP', 'SelO', 'AllF', 'play']);
