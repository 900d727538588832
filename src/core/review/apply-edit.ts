import { assertNever } from '../errors.ts';
import type { Plan } from '../plan/plan.ts';
import type { Edit } from './edit.ts';
import { applyDecide } from './edits/decide.ts';
import { applyDecideAll } from './edits/decide-all.ts';
import { applyDraw } from './edits/draw.ts';
import { applyGrow } from './edits/grow.ts';
import { applyJoin } from './edits/join.ts';
import { applyKeyframe } from './edits/keyframe.ts';
import { applyRemove } from './edits/remove.ts';
import { applySeen } from './edits/seen.ts';
import { applySplit } from './edits/split.ts';

/**
 * The plan after an edit. The plan given is not changed, and what the edit does not touch is shared with it. A
 * plan that was valid stays so. Throws SayehError('usage') for an edit that makes no sense.
 */
export function applyEdit(plan: Plan, edit: Edit): Plan {
  switch (edit.do) {
    case 'decide':
      return applyDecide(plan, edit);
    case 'decide-all':
      return applyDecideAll(plan);
    case 'draw':
      return applyDraw(plan, edit);
    case 'keyframe':
      return applyKeyframe(plan, edit);
    case 'grow':
      return applyGrow(plan, edit);
    case 'split':
      return applySplit(plan, edit);
    case 'join':
      return applyJoin(plan, edit);
    case 'remove':
      return applyRemove(plan, edit);
    case 'seen':
      return applySeen(plan, edit);
    default:
      return assertNever(edit, 'edit');
  }
}
