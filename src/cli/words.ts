import path from 'node:path';
import pc from 'picocolors';
import type { Betrays } from '../core/metadata/format.ts';
import type { Protected } from '../pipeline/protect.ts';

/** What was done to a file, in lines that a tired person reads once. */
export function describe(input: string, output: string, result: Protected): string[] {
  const { plan, framesCovered, sound } = result;
  const covered = plan.tracks.filter((track) => track.decision === 'cover');
  const doubtful = covered.filter((track) => track.standing === 'doubtful').length;
  const where =
    plan.film.frames === 1 ? '' : `, something covered in ${framesCovered} of ${plan.film.frames} frames`;
  const lines = [
    `${pc.green('protected')} ${path.basename(input)} -> ${output}`,
    `  ${count(covered.length, plan.film.kind === 'photo' ? 'face' : 'face track')} covered${where}`,
  ];
  if (doubtful > 0) lines.push(`  ${doubtful} of them may not be faces and were covered to be safe`);
  if (covered.length === 0)
    lines.push(`  ${pc.yellow('no face was found: look at the result before you publish it')}`);
  if (sound === 'dropped') lines.push('  sound removed (a voice can identify; --audio keep keeps it)');
  lines.push('  metadata removed: the new file holds the picture only');
  lines.push(`  ${checked(result)}`);
  return lines;
}

function checked({ plan, check }: Protected): string {
  const where = plan.film.frames === 1 ? '' : ` in ${check.examined} of ${check.frames} frames`;
  const mended = check.recovered + check.leaksClosed;
  const found =
    mended === 0 ? 'nothing was left open' : `covered ${count(mended, 'place')} that had been left open`;
  return `looked for faces once more in the new file${where}: ${found}`;
}

export function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

/** A value comes from a file someone else may have made: nothing in it may steer the terminal. */
export function printable(value: string): string {
  const shown = value.replace(/[\p{Cc}\p{Cf}]/gu, '?');
  return shown.length > 200 ? `${shown.slice(0, 200)}...` : shown;
}

/** Titles for what a file gives away, in the order that matters to a reader. */
export const BETRAYS: Record<Betrays, string> = {
  who: 'Who',
  where: 'Where',
  when: 'When',
  device: 'With what device',
  edited: 'How it was made or edited',
  'other-pictures': 'Other pictures inside',
  sound: 'Sound',
  unknown: 'Content of an unknown kind',
};
