import { SayehError } from '../../errors.ts';
import type { ByteSource } from '../byte-source.ts';
import type { Violation } from '../format.ts';
import { type AllowedBox, BoxCheck } from './box-check.ts';
import { contentOf } from './box-content.ts';
import { type Box, everyBox } from './box-tree.ts';

/** A report of more helps nobody. */
const MAX_VIOLATIONS = 1000;

/**
 * Holds every box against an allowlist. `elsewhere` names boxes whose content is checked by other means.
 */
export async function checkBoxes(
  source: ByteSource,
  boxes: readonly Box[],
  allowlist: readonly AllowedBox[],
  elsewhere: readonly string[],
): Promise<Violation[]> {
  const rows = new Map(allowlist.map((row) => [row.at, row]));
  const violations: Violation[] = [];
  const refused: Box[] = [];
  for (const box of everyBox(boxes)) {
    if (violations.length >= MAX_VIOLATIONS) break;
    const last = refused.at(-1);
    // What lies within a box that may not be there need not be named again.
    if (last && box.offset < last.offset + last.length) continue;
    const reasons = await reasonsAgainst(source, box, rows, elsewhere);
    if (reasons === 'not allowed') refused.push(box);
    for (const reason of reasons === 'not allowed'
      ? [`a box of kind ${kindOf(box)} is not on the list`]
      : reasons)
      violations.push({ part: box.path, reason });
  }
  return violations;
}

async function reasonsAgainst(
  source: ByteSource,
  box: Box,
  rows: ReadonlyMap<string, AllowedBox>,
  elsewhere: readonly string[],
): Promise<readonly string[] | 'not allowed'> {
  if (box.damage) return [box.damage];
  const at = withoutNumbers(box.path);
  if (elsewhere.includes(at)) return [];
  const row = rows.get(at);
  if (!row || (!row.many && /\[[1-9][0-9]*\]$/.test(box.path))) return 'not allowed';
  if (!box.children && !row.rule && box.length > box.headerLength) return ['it should hold boxes'];
  let check: BoxCheck | undefined;
  try {
    check = new BoxCheck(await contentOf(source, box), box.path);
    row.rule?.(check);
    return check.finish();
  } catch (error) {
    if (!(error instanceof SayehError)) throw error;
    return [...(check?.reasons ?? []), error.message];
  }
}

/** `moov/trak[1]/tkhd` becomes `moov/trak/tkhd`. */
export const withoutNumbers = (path: string): string => path.replace(/\[[0-9]+\](?=\/|$)/g, '');

const kindOf = (box: Box): string => (box.uuid ? `uuid ${box.uuid}` : JSON.stringify(box.type));
