import { CASES } from '../tests/core/track/camera-motion/cases.ts';
import { estimator, measure } from '../tests/core/track/camera-motion/measure.ts';
import type { Bench } from './bench.ts';
import { fixed } from './table.ts';

/** Speed and error of the camera-motion estimator on generated films with known motion (those of the tests). */
export const cameraMotion: Bench = async () => {
  const rows = [];
  for (const { name, film } of CASES) {
    const made = await film();
    const { median, p95, worst, drift, reports } = measure(made);
    const camera = estimator();
    const start = performance.now();
    for (const frame of made.frames) camera.next(frame.luma);
    const milliseconds = (performance.now() - start) / made.frames.length;
    const cuts = reports.filter((report) => report.cut).length - 1;
    const confidence = reports.reduce((sum, report) => sum + report.confidence, 0) / reports.length;
    rows.push({ name, median, p95, worst, drift, cuts, confidence, milliseconds });
  }
  return {
    tables: [
      {
        caption: 'Errors in source pixels of a 1280x720 film; time by the clock, on one core.',
        rows: [
          ['film', 'median', 'p95', 'worst', 'drift', 'cuts', 'confidence', 'ms a frame'],
          ...rows.map(({ name, cuts, ...figures }) => {
            const { median, p95, worst, drift, confidence, milliseconds } = figures;
            const errors = [median, p95, worst, drift].map((value) => fixed(value, 2));
            return [name, ...errors, String(cuts), fixed(confidence, 2), fixed(milliseconds, 2)];
          }),
        ],
      },
    ],
    data: rows,
  };
};
