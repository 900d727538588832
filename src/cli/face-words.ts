import pc from 'picocolors';
import type { FacesSeen } from '../pipeline/look-for-faces.ts';
import { count, printable } from './words.ts';

/** Places named; who wants more wants the review page. */
const SHOWN = 20;

/** What networks saw in a file's picture, in lines for people. */
export function describeFaces(seen: FacesSeen | { readonly notLookedAt: string }): string[] {
  if ('notLookedAt' in seen)
    return [`  ${pc.red('the picture could not be looked at')}: ${printable(seen.notLookedAt)}`];
  const { places, examined, frameRate } = seen;
  const where = `looked for faces in ${count(examined, frameRate > 0 ? 'frame' : 'picture')}`;
  if (places.length === 0) return [`  ${where}: none is open to see`];
  const lines = places.slice(0, SHOWN).map(({ from, to, box }) => {
    const spot = `${Math.round(box.width)} pixels wide at ${Math.round(box.x)}, ${Math.round(box.y)}`;
    if (frameRate === 0) return `    ${spot}`;
    const [begins, ends] = [clock(from / frameRate), clock((to - 1) / frameRate)];
    return `    ${begins === ends ? begins : `${begins} to ${ends}`}: ${spot}`;
  });
  const more = places.length - lines.length;
  if (more > 0) lines.push(`    and ${count(more, 'more place')}`);
  return [`  ${where}: ${pc.red(`what looks like a face in ${count(places.length, 'place')}`)}`, ...lines];
}

/** `1:02.5`: minutes and seconds. */
function clock(seconds: number): string {
  const tenths = Math.round(seconds * 10);
  return `${Math.floor(tenths / 600)}:${((tenths % 600) / 10).toFixed(1).padStart(4, '0')}`;
}
