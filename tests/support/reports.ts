import type { Plan } from '../../src/core/plan/plan.ts';
import { type FileFacts, fileReport, makeReport } from '../../src/core/report/make-report.ts';
import type { Report } from '../../src/core/report/report.ts';

// Made-up reports, for pages that are looked at and for tests of how things are said.

const HASH = '0123456789abcdef'.repeat(4);

/** A film with everything in it that a report can speak of. */
export function film(minutes: number, risks = 90): FileFacts {
  const frameRate = 25;
  const frames = minutes * 60 * frameRate;
  const face = (x: number): [number, number, number, number] => [x, 200, 60, 80];
  const track = (id: number, from: number, length: number) => ({
    id,
    from,
    boxes: Array.from({ length }, (_, i) => face(100 + ((id * 211 + i) % 1000))),
    decision: id === 7 ? ('keep' as const) : ('cover' as const),
    standing: id % 5 === 0 ? ('doubtful' as const) : id === 3 ? ('drawn' as const) : ('sure' as const),
    score: 0.5,
  });
  const reasons = [
    ['ends inside the picture', 'fast motion'],
    ['starts inside the picture'],
    ['dip in the number of faces', 'dark'],
    ['long gap'],
    ['weak evidence'],
  ];
  const plan: Plan = {
    sayeh: 'plan',
    version: 1,
    film: { kind: 'video', width: 1920, height: 1080, frames, frameRate },
    analysis: { detector: 'centerface', sensitivity: 'high' },
    cuts: [0],
    tracks: Array.from({ length: 23 }, (_, i) =>
      track(i + 1, Math.floor((i * frames) / 25), Math.floor(frames / 50)),
    ),
    risks: [
      {
        from: 400,
        to: 420,
        at: 410,
        level: 0.95,
        reasons: ['found in the written file'],
        box: [1500, 150, 80, 100],
      },
      ...Array.from({ length: risks }, (_, i): Plan['risks'][number] => {
        const at = Math.floor((((i * 137) % risks) / risks) * (frames - 60)) + 20;
        const box = face((i * 307) % 1800);
        const level = Math.round((0.9 - (0.8 * i) / risks) * 1000) / 1000;
        const where = i % 5 === 2 ? {} : { box };
        return { from: at - 10, to: at + 25, at, level, reasons: reasons[i % reasons.length], ...where };
      }),
    ],
  };
  return {
    number: 1,
    outputName: 'sayeh-0123456789ab.mp4',
    sha256: HASH,
    plan,
    framesCovered: Math.floor(frames / 2),
    sound: 'dropped',
    warnings: ['The film was HDR and is now SDR; bright parts may look different.'],
    check: {
      networks: ['retinaface', 'centerface-int8'],
      frames,
      examined: Math.floor(frames / 3),
      rounds: 3,
      recovered: 4,
      leaksClosed: 1,
      remaining: 1,
    },
    findings: [
      { betrays: 'who', part: 'moov/udta', label: 'owner or account', value: 'secret value' },
      { betrays: 'where', part: 'moov/meta', label: 'position', value: '+35.7+051.4/' },
      { betrays: 'when', part: 'moov/mvhd', label: 'time of recording', value: '2022-10-01' },
      { betrays: 'device', part: 'moov/meta', label: 'maker of the camera', value: 'Secret Make' },
    ],
    nameKept: false,
  };
}

/** A photo in which nothing stands out. */
export function calmPhoto(): FileFacts {
  const { plan, ...facts } = film(1, 0);
  return {
    ...facts,
    outputName: 'sayeh-ba9876543210.jpg',
    plan: {
      ...plan,
      film: { kind: 'photo', width: 3000, height: 4000, frames: 1, frameRate: 0 },
      tracks: [
        { id: 1, from: 0, boxes: [[10, 10, 50, 60]], decision: 'cover', standing: 'sure', score: 0.9 },
        { id: 2, from: 0, boxes: [[510, 10, 50, 60]], decision: 'cover', standing: 'sure', score: 0.9 },
      ],
      risks: [],
    },
    framesCovered: 1,
    sound: 'none',
    warnings: [],
    check: {
      networks: ['retinaface', 'centerface'],
      frames: 1,
      examined: 1,
      rounds: 1,
      recovered: 0,
      leaksClosed: 0,
      remaining: 0,
    },
    findings: [],
  };
}

/** A report on these files, numbered in their order; `null` stands for one that failed. */
export function reportOn(...files: readonly (FileFacts | null)[]): Report {
  return makeReport({
    tool: { version: '0.1.0' },
    settings: { style: 'blur', cover: 'head', audio: 'drop', codec: 'h264', names: 'neutral' },
    networks: [
      { name: 'centerface', sha256: HASH },
      { name: 'retinaface', sha256: HASH },
    ],
    files: files.map((facts, i) =>
      facts === null
        ? { status: 'failed', number: i + 1, code: 'corrupt' }
        : fileReport({ ...facts, number: i + 1 }),
    ),
  });
}
