import type { IconName } from '../components/icon.tsx';
import { lastsThrough } from '../logic/track-state.ts';
import type { Words } from '../words/words.ts';
import { redo, undo } from './change-plan.ts';
import { coverAll, decide, grow, join, markFrom, markTo, remove, split } from './decide.ts';
import { followChosen, forgetDraft, redraw, stopFollow, takeTool } from './draw.ts';
import { pan, zoomFit, zoomIn, zoomOut, zoomToChosen } from './looking.ts';
import { openItem } from './open-item.ts';
import { chosen, chosenTracks, isFilm, itemIndex, items, review, risks, shownFrame } from './review.ts';
import { dialog } from './status.ts';
import { draft, following, playing, redrawing, showMasks, showProtected, span, tool } from './view.ts';
import {
  chooseNeighbour,
  goTo,
  goToCut,
  markSeen,
  stepBy,
  stepSeconds,
  togglePlay,
  toNextRisk,
  toPreviousRisk,
  watch,
} from './walk.ts';

export type CommandId = Exclude<keyof Words['commands'], 'pause'>;
export type Group = keyof Words['groups'];

/** Something a person can do: by its keys, by a button, and told in the help. */
export interface Command {
  readonly keys: readonly string[];
  readonly group: Group;
  readonly icon?: IconName;
  /** Left out where it can always be done. */
  readonly possible?: () => boolean;
  readonly run: () => void;
}

const film = () => isFilm.value;
const some = () => chosen.value.length > 0;
const drawn = () => chosenTracks.value.some(({ standing }) => standing === 'drawn');
const many = () => items.value.length > 1;

/** Every command there is. The order is that of the help. */
export const COMMANDS: Readonly<Record<CommandId, Command>> = {
  nextRisk: {
    keys: ['N'],
    group: 'decide',
    icon: 'next-risk',
    possible: () => risks.value.length > 0,
    run: toNextRisk,
  },
  previousRisk: {
    keys: ['P'],
    group: 'decide',
    icon: 'previous-risk',
    possible: () => risks.value.length > 0,
    run: toPreviousRisk,
  },
  seen: {
    keys: ['X'],
    group: 'decide',
    icon: 'check',
    possible: () => risks.value.length > 0,
    run: () => void markSeen(),
  },
  watch: { keys: ['W'], group: 'decide', icon: 'watch', possible: film, run: watch },
  nextTrack: { keys: ['ArrowDown'], group: 'decide', run: () => chooseNeighbour(1) },
  previousTrack: { keys: ['ArrowUp'], group: 'decide', run: () => chooseNeighbour(-1) },
  keep: { keys: ['K'], group: 'decide', icon: 'eye', possible: some, run: () => decide('keep') },
  cover: { keys: ['C'], group: 'decide', icon: 'covered', possible: some, run: () => decide('cover') },
  coverAll: {
    keys: ['A'],
    group: 'decide',
    icon: 'cover-all',
    possible: () => review.value !== undefined,
    run: coverAll,
  },
  markFrom: { keys: ['['], group: 'decide', icon: 'from', possible: film, run: markFrom },
  markTo: { keys: [']'], group: 'decide', icon: 'to', possible: film, run: markTo },
  grow: { keys: ['G'], group: 'decide', icon: 'grow', possible: some, run: () => grow(1) },
  shrink: { keys: ['H'], group: 'decide', icon: 'shrink', possible: some, run: () => grow(-1) },
  growAll: { keys: ['Shift+G'], group: 'decide', run: () => grow(1, true) },
  shrinkAll: { keys: ['Shift+H'], group: 'decide', run: () => grow(-1, true) },
  split: {
    keys: ['S'],
    group: 'decide',
    icon: 'split',
    possible: () =>
      chosenTracks.value.some(
        (track) => lastsThrough(track, shownFrame.value) && shownFrame.value > track.from,
      ),
    run: split,
  },
  join: { keys: ['J'], group: 'decide', icon: 'join', possible: () => chosen.value.length > 1, run: join },

  select: { keys: ['V'], group: 'draw', icon: 'pointer', run: () => takeTool('select') },
  ellipse: { keys: ['E'], group: 'draw', icon: 'ellipse', run: () => takeTool('ellipse') },
  rectangle: { keys: ['B'], group: 'draw', icon: 'rectangle', run: () => takeTool('rectangle') },
  polygon: { keys: ['L'], group: 'draw', icon: 'polygon', run: () => takeTool('polygon') },
  follow: {
    keys: ['F'],
    group: 'draw',
    icon: 'follow',
    possible: () => film() && drawn() && !following.value,
    run: () => void followChosen(),
  },
  adjust: { keys: ['D'], group: 'draw', icon: 'redraw', possible: some, run: redraw },
  remove: { keys: ['Delete', 'Backspace'], group: 'draw', icon: 'remove', possible: drawn, run: remove },

  play: { keys: ['Space'], group: 'move', icon: 'play', possible: film, run: togglePlay },
  stepBack: { keys: ['ArrowLeft'], group: 'move', icon: 'step-back', possible: film, run: () => stepBy(-1) },
  stepForward: {
    keys: ['ArrowRight'],
    group: 'move',
    icon: 'step-forward',
    possible: film,
    run: () => stepBy(1),
  },
  secondBack: { keys: [','], group: 'move', possible: film, run: () => stepSeconds(-1) },
  secondForward: { keys: ['.'], group: 'move', possible: film, run: () => stepSeconds(1) },
  previousCut: { keys: ['<'], group: 'move', icon: 'previous-cut', possible: film, run: () => goToCut(-1) },
  nextCut: { keys: ['>'], group: 'move', icon: 'next-cut', possible: film, run: () => goToCut(1) },
  first: { keys: ['Home'], group: 'move', possible: film, run: () => goTo(0) },
  last: { keys: ['End'], group: 'move', possible: film, run: () => goTo(Number.MAX_SAFE_INTEGER) },

  toggleView: {
    keys: ['O'],
    group: 'look',
    run: () => {
      showProtected.value = !showProtected.peek();
    },
  },
  toggleMasks: {
    keys: ['M'],
    group: 'look',
    icon: 'masks',
    run: () => {
      showMasks.value = !showMasks.peek();
    },
  },
  zoomIn: { keys: ['+', '='], group: 'look', icon: 'zoom-in', run: zoomIn },
  zoomOut: { keys: ['-'], group: 'look', icon: 'zoom-out', run: zoomOut },
  zoomFit: { keys: ['0'], group: 'look', icon: 'fit', run: zoomFit },
  zoomSelection: { keys: ['Z'], group: 'look', icon: 'zoom-chosen', run: zoomToChosen },
  panLeft: { keys: ['Shift+ArrowLeft'], group: 'look', icon: 'left', run: () => pan(-1, 0) },
  panRight: { keys: ['Shift+ArrowRight'], group: 'look', icon: 'right', run: () => pan(1, 0) },
  panUp: { keys: ['Shift+ArrowUp'], group: 'look', icon: 'up', run: () => pan(0, -1) },
  panDown: { keys: ['Shift+ArrowDown'], group: 'look', icon: 'down', run: () => pan(0, 1) },

  undo: {
    keys: ['U', 'Ctrl+Z'],
    group: 'whole',
    icon: 'undo',
    possible: () => review.value?.canUndo ?? false,
    run: () => void undo(),
  },
  redo: {
    keys: ['Shift+U', 'Ctrl+Shift+Z', 'Ctrl+Y'],
    group: 'whole',
    icon: 'redo',
    possible: () => review.value?.canRedo ?? false,
    run: () => void redo(),
  },
  cancel: { keys: ['Escape'], group: 'whole', run: cancel },
  previousItem: { keys: ['PageUp'], group: 'whole', icon: 'previous', possible: many, run: () => byItem(-1) },
  nextItem: { keys: ['PageDown'], group: 'whole', icon: 'next', possible: many, run: () => byItem(1) },
  finish: {
    keys: ['R'],
    group: 'whole',
    icon: 'finish',
    run: () => {
      dialog.value = 'finish';
    },
  },
  help: {
    keys: ['?'],
    group: 'whole',
    icon: 'help',
    run: () => {
      dialog.value = 'help';
    },
  },
};

/** Lets go of one thing after the other: what is followed, drawn, marked, chosen. */
function cancel(): void {
  if (following.peek()) stopFollow();
  else if (draft.peek()) forgetDraft();
  else if (tool.peek() !== 'select' || redrawing.peek() !== undefined) takeTool('select');
  else if (playing.peek()) playing.value = false;
  else if (span.peek().from !== undefined || span.peek().to !== undefined) span.value = {};
  else chosen.value = [];
}

function byItem(step: 1 | -1): void {
  const to = itemIndex.peek() + step;
  if (to >= 0 && to < items.peek().length) void openItem(to);
}
