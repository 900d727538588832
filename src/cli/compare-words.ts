import pc from 'picocolors';
import type { TimedChange, Unpaired } from '../core/compare/tally.ts';
import type { Box } from '../core/geometry/box.ts';
import type { FrameSpan } from '../core/track/frame-span.ts';
import type { Comparison } from '../pipeline/compare.ts';
import { count, printable } from './words.ts';

/** Changes and stretches named unless all are asked for. */
const SHOWN = 20;

/** Whether every frame of the original is there, in its size and at its time. */
export const keepsFrames = ({ sameSize, sameFrames, sameTimes }: Comparison): boolean =>
  sameSize && sameFrames && sameTimes;

/** What comparing a file with its original found, in lines for people. `original` is that file's name. */
export function describeComparison(found: Comparison, original: string, all: boolean): string[] {
  const shown = all ? Number.POSITIVE_INFINITY : SHOWN;
  const lines = [
    `  against ${printable(original)}: ${keepsFrames(found) ? pc.green('every frame is there') : pc.red('not the same, frame for frame')}`,
  ];
  lines.push(...shapeLines(found).map((line) => `    ${line}`));
  const { pictures, kind } = found;
  if (!pictures) {
    lines.push('    pictures not compared: their sizes differ');
    return lines;
  }
  if (pictures.changed === 0) {
    lines.push(`    ${pc.yellow('nothing differs beyond what coding explains')}`);
    return lines;
  }
  const { mean, most, at } = pictures.share;
  if (kind === 'photo' && pictures.compared === 1) lines.push(`    ${percent(mean)} of the picture differs`);
  else {
    lines.push(
      `    ${pictures.changed} of ${count(pictures.compared, 'frame')} differ, on average ${percent(mean)} of the picture; most in frame ${at}: ${percent(most)}`,
    );
  }
  for (const change of pictures.changes.slice(0, shown)) lines.push(`      ${changeLine(change, found)}`);
  const more = Math.max(0, pictures.changes.length - shown);
  if (more > 0) lines.push(`      and ${count(more, 'more place')} (--verbose shows all)`);
  if (pictures.unchanged.length > 0) {
    const named = pictures.unchanged.slice(0, shown).map(framesOf).join(', ');
    const rest = pictures.unchanged.length > shown ? ', ...' : '';
    lines.push(`    nothing differs in ${pictures.compared - pictures.changed} of them: ${named}${rest}`);
  }
  if (pictures.leftOut > 0) lines.push(`    ${pictures.leftOut} more than a list can hold`);
  return lines;
}

function shapeLines({ kind, original, file, ...found }: Comparison): string[] {
  const lines: string[] = [];
  const noun = kind === 'video' ? 'frame' : 'picture';
  if (!found.sameSize)
    lines.push(pc.red(`it is ${file.width}x${file.height}, not ${original.width}x${original.height}`));
  if (found.sameFrames) lines.push(`${count(original.frames, noun)}, ${original.width}x${original.height}`);
  else lines.push(pc.red(`it has ${count(file.frames, noun)}, not ${original.frames}`));
  if (found.missing.count > 0) lines.push(pc.red(`it lacks ${named(found.missing, noun)} of the original`));
  if (found.extra.count > 0)
    lines.push(pc.red(`the original has nothing for its ${named(found.extra, noun)}`));
  if (!found.sameTimes)
    lines.push(
      pc.red(
        `times differ by up to ${found.times.largestDifference.toFixed(3)} s (${noun} ${found.times.at})`,
      ),
    );
  return lines;
}

function changeLine(
  { from, to, fromTime, toTime, box, at, largest }: TimedChange,
  found: Comparison,
): string {
  if (found.original.frames === 1) return placeOf(box);
  const when = `${framesOf({ from, to })}, ${timeCode(fromTime)} to ${timeCode(toTime)}`;
  const where = sameBox(box, largest)
    ? placeOf(box)
    : `${placeOf(box)}; most in frame ${at}: ${placeOf(largest)}`;
  return found.kind === 'video' ? `${when}: ${where}` : `${framesOf({ from, to })}: ${where}`;
}

/** Hours, minutes, seconds, thousandths. */
export function timeCode(seconds: number): string {
  const thousandths = Math.round(seconds * 1000);
  const pad = (value: number, digits = 2) => String(value).padStart(digits, '0');
  const whole = Math.floor(thousandths / 1000);
  return `${pad(Math.floor(whole / 3600))}:${pad(Math.floor(whole / 60) % 60)}:${pad(whole % 60)}.${pad(thousandths % 1000, 3)}`;
}

const named = ({ count: number, frames }: Unpaired, noun: string) =>
  `${count(number, noun)} (${frames.slice(0, SHOWN).join(', ')}${number > SHOWN ? ', ...' : ''})`;
const framesOf = ({ from, to }: FrameSpan) =>
  to - from === 1 ? `frame ${from}` : `frames ${from} to ${to - 1}`;
const placeOf = ({ x, y, width, height }: Box) => `${width}x${height} at ${x},${y}`;
const sameBox = (a: Box, b: Box) => placeOf(a) === placeOf(b);

function percent(share: number): string {
  const value = share * 100;
  return `${value >= 10 ? value.toFixed(0) : value >= 0.095 ? value.toFixed(1) : value.toPrecision(1)} %`;
}
