import { readFile, statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import type { DetectorName } from '../../core/detect/catalogue.ts';
import { filmNetworks } from '../../core/detect/film-looks.ts';
import { SayehError } from '../../core/errors.ts';
import { loadDetector } from '../inference/load-detector.ts';
import { loadModel, readManifest } from '../inference/model-store.ts';
import { VIDEO_ENCODERS } from '../media/video/codecs.ts';
import { av } from '../media/video/ffmpeg.ts';
import { type Layer, tryLayers } from '../process/isolation.ts';
import { memoryShare } from '../process/job-crew.ts';

/** One thing that was looked at. */
export interface Examined {
  readonly name: string;
  readonly value: string;
  readonly ok: boolean;
}

const GIB = 2 ** 30;
/** Below this the detectors do not fit beside a film's frames. */
const LEAST_MEMORY = 1.5 * GIB;
const LEAST_DISK = 0.5 * GIB;
/** Who looks where nobody asks for another. */
const DEFAULT: DetectorName = 'centerface';

/** Looks at everything Sayeh needs of this machine. A thing that fails is reported, never thrown. */
export async function examineMachine(): Promise<Examined[]> {
  const results: Examined[] = [];
  const look = async (name: string, examine: () => Promise<string> | string) => {
    try {
      results.push({ name, value: await examine(), ok: true });
    } catch (error) {
      results.push({ name, value: (error as Error).message, ok: false });
    }
  };
  await look('Sayeh', ownVersion);
  await look('Node.js', () => `${process.versions.node} on ${process.platform} ${process.arch}`);
  await look('processors', () => `${os.availableParallelism()}`);
  await look('memory', () => atLeast(os.totalmem(), LEAST_MEMORY, 'in all'));
  await look('disk', async () => {
    const { bavail, bsize } = await statfs(process.cwd());
    return atLeast(bavail * bsize, LEAST_DISK, 'free in this folder');
  });
  await look('isolation', isolation);
  await look('FFmpeg', () => av.getFFmpegInfo().version);
  for (const [codec, encoder] of Object.entries(VIDEO_ENCODERS)) {
    await look(`writes ${codec}`, () => {
      if (av.Codec.findEncoderByName(encoder as never)) return encoder;
      throw new SayehError('unsupported', `no ${encoder} in this build`);
    });
  }
  await look('photos', async () => {
    const { default: sharp } = await import('sharp');
    return `sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}`;
  });
  for (const [name, { sha256 }] of Object.entries(await readManifest())) {
    await look(`model ${name}`, async () => {
      await loadModel(name);
      return `SHA-256 ${sha256.slice(0, 16)}... matches`;
    });
  }
  for (const name of new Set([DEFAULT, ...filmNetworks(DEFAULT)]))
    await look(`detector ${name}`, () => selfTest(name));
  return results;
}

/** What is taken from the process that reads files, and why not the rest; it is a process of its own everywhere. */
function isolation(): string {
  const memory = memoryShare(1);
  const tried = tryLayers(memory);
  const works = (takes: Layer['takes']) =>
    tried.some((layer) => layer.takes === takes && layer.outcome === 'works');
  const all = Object.keys(TAKEN) as Layer['takes'][];
  const taken = all.filter(works).map((takes) => TAKEN[takes]);
  const left = all
    .filter((takes) => !works(takes))
    .map((takes) => {
      const layer = tried.find((each) => each.takes === takes);
      if (!layer) return TAKEN[takes];
      const why = layer.outcome === 'absent' ? 'is not here' : 'may not do it';
      return `${TAKEN[takes]} (${layer.program} ${why})`;
    });
  const parts = [
    `files are read in a process of its own, with at most ${(memory / GIB).toFixed(1)} GiB of memory`,
    ...(taken.length > 0 ? [`the system takes from it ${taken.join(', ')}`] : []),
    ...(left.length > 0 ? [`this system leaves it ${left.join(', ')}`] : []),
  ];
  return parts.join('; ');
}

const TAKEN: Readonly<Record<Layer['takes'], string>> = {
  network: 'the network',
  privileges: 'new privileges',
  limits: 'core dumps and memory beyond its share',
};

async function ownVersion(): Promise<string> {
  const file = new URL('../../../package.json', import.meta.url);
  return JSON.parse(await readFile(file, 'utf8')).version;
}

/** Runs a detector once, on an empty picture: it must load, answer, and see no face. */
async function selfTest(name: DetectorName): Promise<string> {
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json');
  const detector = await loadDetector(name);
  try {
    const picture = { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3).fill(128) };
    const found = await detector.detect(picture, 0.5);
    if (found.length > 0) throw new SayehError('model', 'the detector sees a face in an empty picture');
    return `works (onnxruntime ${version})`;
  } finally {
    await detector.dispose();
  }
}

function atLeast(bytes: number, least: number, what: string): string {
  const text = `${(bytes / GIB).toFixed(1)} GiB ${what}`;
  if (bytes < least)
    throw new SayehError('unsupported', `${text}; ${(least / GIB).toFixed(1)} GiB are needed`);
  return text;
}
