import sharp from 'sharp';
import { rasterise } from '../src/core/redact/mask.ts';
import { interleavedPicture } from '../src/core/redact/picture.ts';
import { redact, type Style } from '../src/core/redact/redact.ts';
import type { FaceRegion } from '../src/core/redact/region.ts';
import type { Bench } from './bench.ts';

const WIDTH = 720;
const HEIGHT = 405;

interface Person {
  /** The middle of the face, and its width, in pixels. */
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly skin: string;
  readonly hair: string;
  readonly coat: string;
}

const COATS = ['#b5432e', '#2d5d7b', '#d9a441', '#4a6b3f', '#6b4a73', '#e6e2d8', '#33383d'];
const SKINS = ['#f0cba8', '#c98d5f', '#8a5a3c', '#e2b48c', '#6a432c'];
const HAIRS = ['#2a211c', '#5b3a23', '#b98d4f', '#17171a', '#8d8d8d'];

/** Draws a crowd that never was and covers it in every style: the pictures of docs/redaction.md. */
export const redactPictures: Bench = async () => {
  const pixels = await sharp(Buffer.from(drawing(crowd())))
    .removeAlpha()
    .raw()
    .toBuffer();
  await save(withSensorNoise(pixels), 'before');
  for (const style of ['blur', 'pixelate', 'solid'] satisfies Style[]) {
    const copy = withSensorNoise(pixels);
    redact(interleavedPicture(copy, WIDTH, HEIGHT, 3), rasterise(crowd().map(faceOf), WIDTH, HEIGHT), {
      style,
    });
    await save(copy, style);
  }
  return { tables: [], data: undefined };
};

function crowd(): Person[] {
  const people: Person[] = [];
  const row = (count: number, y: number, size: number, shift: number) => {
    for (let i = 0; i < count; i++) {
      const n = people.length;
      people.push({
        x: ((i + shift) * WIDTH) / count + 9 * Math.sin(5 * n),
        y: y + 8 * Math.sin(3 * n),
        size: size * (1 + 0.1 * Math.sin(7 * n)),
        skin: SKINS[(n * 3) % SKINS.length],
        hair: HAIRS[(n * 2) % HAIRS.length],
        coat: COATS[(n * 4) % COATS.length],
      });
    }
  };
  row(9, 178, 22, 0.6);
  row(6, 226, 36, 0.4);
  row(3, 290, 74, 0.55);
  return people;
}

function faceOf({ x, y, size }: Person): FaceRegion {
  return { box: { x: x - size / 2, y: y - 0.6 * size, width: size, height: 1.25 * size }, cover: 'head' };
}

function drawing(people: readonly Person[]): string {
  const windows = Array.from({ length: 36 }, (_, i) => {
    const x = 18 + 78 * (i % 9);
    const y = 12 + 46 * Math.floor(i / 9);
    return `<rect x="${x}" y="${y}" width="34" height="30" fill="#39444f" stroke="#d8cdb8" stroke-width="3"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">
    <defs>
      <linearGradient id="wall" x2="1" y2="1"><stop stop-color="#cbb694"/><stop offset="1" stop-color="#8e7a62"/></linearGradient>
      <pattern id="check" width="12" height="12" patternUnits="userSpaceOnUse"><path d="M0 0h6v12H0z" fill="#0002"/><path d="M0 0h12v6H0z" fill="#fff2"/></pattern>
    </defs>
    <rect width="100%" height="100%" fill="url(#wall)"/>${windows.join('')}
    <rect x="120" y="70" width="250" height="60" fill="#f4efe2" transform="rotate(-4 240 100)"/>
    <text x="138" y="116" font-family="sans-serif" font-weight="bold" font-size="42" fill="#a3271b" transform="rotate(-4 240 100)">FREEDOM</text>
    ${people.map(drawPerson).join('')}
  </svg>`;
}

function drawPerson({ x, y, size: s, skin, hair, coat }: Person): string {
  const shape = (d: string, fill: string) => `<path d="${d}" fill="${fill}"/>`;
  const body = `M${-1.3 * s} ${4 * s} Q${-1.3 * s} ${0.8 * s} 0 ${0.7 * s} Q${1.3 * s} ${0.8 * s} ${1.3 * s} ${4 * s}Z`;
  return `<g transform="translate(${x} ${y})">
    ${shape(body, coat)}${shape(body, 'url(#check)')}
    <rect x="${-0.2 * s}" y="${0.4 * s}" width="${0.4 * s}" height="${0.5 * s}" fill="${skin}"/>
    <ellipse cy="${-0.15 * s}" rx="${0.62 * s}" ry="${0.78 * s}" fill="${hair}"/>
    <ellipse cy="${0.05 * s}" rx="${0.48 * s}" ry="${0.62 * s}" fill="${skin}"/>
    <circle cx="${-0.19 * s}" cy="${-0.05 * s}" r="${0.06 * s}"/><circle cx="${0.19 * s}" cy="${-0.05 * s}" r="${0.06 * s}"/>
    <path d="M${-0.2 * s} ${0.32 * s} Q0 ${0.48 * s} ${0.2 * s} ${0.32 * s}" stroke="#7a2a22" stroke-width="${0.07 * s}" fill="none"/>
  </g>`;
}

/** A camera's noise, the same each time, so that the fill is judged beside what it must blend with. */
function withSensorNoise(clean: Uint8Array): Uint8Array {
  let state = 1;
  return clean.map((value) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.min(255, Math.max(0, value + 8 * (state / 2 ** 32 - 0.5)));
  });
}

async function save(data: Uint8Array, name: string): Promise<void> {
  const file = `docs/images/redact-${name}.jpg`;
  await sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .jpeg({ quality: 88, chromaSubsampling: '4:4:4' })
    .toFile(file);
  console.log(file);
}
