/**
 * Speed and error of the camera-motion estimator on generated films with known motion (those of the tests).
 * Prints a table; errors in source pixels of a 1280x720 film, time in milliseconds a frame on one core.
 * Run it bundled (for example by rolldown, with sharp left outside) with node.
 */
import { CASES } from '../tests/core/track/camera-motion/cases.ts';
import { estimator, measure } from '../tests/core/track/camera-motion/measure.ts';

console.log(`${'film'.padEnd(50)}median    p95  worst  drift   cuts  confidence  ms/frame`);
for (const { name, film } of CASES) {
  const made = await film();
  const { median, p95, worst, drift, reports } = measure(made);
  const camera = estimator();
  const start = performance.now();
  for (const frame of made.frames) camera.next(frame.luma);
  const ms = (performance.now() - start) / made.frames.length;
  const cuts = reports.filter((report) => report.cut).length - 1;
  const confidence = reports.reduce((sum, report) => sum + report.confidence, 0) / reports.length;
  const cell = (value: number, digits = 2) => value.toFixed(digits).padStart(7);
  console.log(
    `${name.padEnd(49)}${cell(median)}${cell(p95)}${cell(worst)}${cell(drift)}${cell(cuts, 0)}${cell(confidence).padStart(12)}${cell(ms).padStart(10)}`,
  );
}
