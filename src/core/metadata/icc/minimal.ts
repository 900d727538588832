import { be16, be32, concat, equal, fromLatin1, latin1, u32be } from '../still/bytes.ts';
import { isSrgbCurve, type KnownCurve, nearestKnownCurve } from './curve.ts';
import { type IccProfile, readProfile } from './profile.ts';
import { type Colourants, knownSpace, SRGB } from './spaces.ts';

/** What becomes of a picture's colour profile. */
export type Reduction =
  /** sRGB, which is what a picture without a profile is taken for: none is needed. */
  | { readonly kind: 'not-needed' }
  /** The same colours, described by numbers of a short list; `name` for a note. */
  | { readonly kind: 'minimal'; readonly name: string; readonly profile: Uint8Array }
  /** Nothing to go by. */
  | { readonly kind: 'damaged' }
  /** Its colours cannot be told by a few numbers (tables, CMYK): `why`. */
  | { readonly kind: 'irreducible'; readonly why: string };

/**
 * Reduces a profile to what the colours need. A minimal profile holds the colourants of a known space, or of
 * another one to three decimals, tone curves of a short list, and fixed text; no date, no maker, no serial number,
 * no calibration. It is always the same for the same colours, so checking a profile is reducing it once more.
 */
export function reduceProfile(bytes: Uint8Array): Reduction {
  const profile = readProfile(bytes);
  if (!profile) return { kind: 'damaged' };
  if (profile.space === 'GRAY') return reduceGrey(profile);
  if (profile.space === 'RGB ') return reduceRgb(profile);
  return { kind: 'irreducible', why: `it is a profile for ${profile.space.trim()} colours` };
}

/** Whether a profile is one that `reduceProfile` makes. */
export function isMinimalProfile(bytes: Uint8Array): boolean {
  const reduction = reduceProfile(bytes);
  return reduction.kind === 'minimal' && equal(reduction.profile, bytes);
}

function reduceGrey(profile: IccProfile): Reduction {
  const tag = profile.tags.get('kTRC');
  const curve = tag && nearestKnownCurve(tag);
  if (!curve) return { kind: 'irreducible', why: 'its tone curve is none of the usual ones' };
  if (isSrgbCurve(curve)) return { kind: 'not-needed' };
  return { kind: 'minimal', name: 'Grey', profile: greyProfile(curve) };
}

function reduceRgb(profile: IccProfile): Reduction {
  const colourants = ['rXYZ', 'gXYZ', 'bXYZ'].flatMap((name) => xyz(profile.tags.get(name)) ?? []);
  const curveTags = ['rTRC', 'gTRC', 'bTRC'].flatMap((name) => profile.tags.get(name) ?? []);
  if (colourants.length !== 9 || curveTags.length !== 3)
    return { kind: 'irreducible', why: 'its colours are given as tables' };
  const curves = curveTags.map(nearestKnownCurve).filter((curve) => curve !== undefined);
  if (curves.length !== 3) return { kind: 'irreducible', why: 'its tone curves are none of the usual ones' };
  const space = knownSpace(colourants);
  if (space === SRGB && curves.every(isSrgbCurve)) return { kind: 'not-needed' };
  const name = space?.name ?? 'RGB';
  const exact = space?.colourants ?? colourants.map((value) => Math.round(value * 1000) / 1000);
  return { kind: 'minimal', name, profile: rgbProfile(name, exact, curves) };
}

/** The first triple of an `XYZ ` tag, section 10.31. */
function xyz(tag: Uint8Array | undefined): number[] | undefined {
  if (!tag || tag.length < 20 || latin1(tag, 0, 4) !== 'XYZ ') return undefined;
  return [8, 12, 16].map((at) => (u32be(tag, at) | 0) / 65_536);
}

const D50 = [0.9642, 1, 0.8249];

/** The minimal profile of an RGB space. */
export function rgbProfile(name: string, colourants: Colourants, curves: readonly KnownCurve[]): Uint8Array {
  return buildProfile('RGB ', name, [
    ['rXYZ', xyzTag(colourants.slice(0, 3))],
    ['gXYZ', xyzTag(colourants.slice(3, 6))],
    ['bXYZ', xyzTag(colourants.slice(6, 9))],
    ['rTRC', curveTag(curves[0])],
    ['gTRC', curveTag(curves[1])],
    ['bTRC', curveTag(curves[2])],
  ]);
}

const greyProfile = (curve: KnownCurve) => buildProfile('GRAY', 'Grey', [['kTRC', curveTag(curve)]]);

/** The tags that every profile must have (section 8.3), then the given ones. */
function buildProfile(space: string, name: string, colour: readonly [string, Uint8Array][]): Uint8Array {
  const tags: [string, Uint8Array][] = [
    ['desc', textTag(name)],
    ['cprt', textTag('CC0')],
    ['wtpt', xyzTag(D50)],
    ...colour,
  ];
  let offset = 128 + 4 + tags.length * 12;
  const table: Uint8Array[] = [be32(tags.length)];
  for (const [signature, data] of tags) {
    table.push(fromLatin1(signature), be32(offset), be32(data.length));
    offset += data.length;
  }
  return concat(header(space, offset), ...table, ...tags.map(([, data]) => data));
}

/** Section 7.2: version 4.3, a display profile; date, platform, maker, model and creator are left at zero. */
function header(space: string, size: number): Uint8Array {
  const bytes = new Uint8Array(128);
  bytes.set(be32(size), 0);
  bytes.set([4, 0x30], 8);
  bytes.set(fromLatin1(`mntr${space}XYZ `), 12);
  bytes.set(fromLatin1('acsp'), 36);
  bytes.set(concat(...D50.map(fixed)), 68);
  return bytes;
}

/** s15Fixed16Number, section 4.6. */
const fixed = (value: number) => be32(Math.round(value * 65_536));

const xyzTag = (values: readonly number[]) => concat(fromLatin1('XYZ '), be32(0), ...values.map(fixed));

const curveTag = ({ functionType, parameters }: KnownCurve) =>
  concat(fromLatin1('para'), be32(0), be16(functionType), be16(0), ...parameters.map(fixed));

/** A `mluc` tag with one English text, padded to a multiple of four bytes. */
function textTag(text: string): Uint8Array {
  const utf16 = new Uint8Array(Math.ceil((text.length * 2) / 4) * 4);
  for (let i = 0; i < text.length; i++) utf16[i * 2 + 1] = text.charCodeAt(i);
  const head = [
    fromLatin1('mluc'),
    be32(0),
    be32(1),
    be32(12),
    fromLatin1('enUS'),
    be32(text.length * 2),
    be32(28),
  ];
  return concat(...head, utf16);
}
