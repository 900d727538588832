import type { Part } from '../format.ts';
import type { Window } from '../window.ts';
import { type Element, steps } from './ebml.ts';

/** Blocks come by the ten thousand: a run of them within a cluster is one part. */
const RUNS: ReadonlySet<string> = new Set(['SimpleBlock', 'BlockGroup', 'CuePoint']);

/** No honest film has this many parts once runs are joined; a file made to take the machine could. */
export const MOST_PARTS = 1_000_000;

/** Lists every part. The head of a master is a part of its own, so that leaves cover every byte once. */
export async function walkElements(window: Window): Promise<Part[]> {
  const parts: Part[] = [];
  let run: { path: string; name: string; offset: number; end: number; count: number } | undefined;
  /** Inside a member of a run, whose own parts are not listed. */
  let member: Element | undefined;

  const endRun = () => {
    if (!run) return;
    const { path, offset, end, count } = run;
    parts.push({
      path,
      offset,
      length: end - offset,
      what: count === 1 ? describe(run.name) : `${count} × ${run.name}`,
    });
    run = undefined;
  };
  const add = (path: string, offset: number, end: number, what: string) => {
    if (end > offset) parts.push({ path, offset, length: end - offset, what });
  };

  for await (const step of steps(window)) {
    if (parts.length > MOST_PARTS) {
      const from = parts.at(-1)!.offset + parts.at(-1)!.length;
      add('more parts than can be listed', from, window.size, 'not looked at');
      return parts;
    }
    if (step.type === 'damaged') {
      if (member) {
        // The member was counted as whole; what is damaged within it ends the run early.
        run!.end = step.offset;
      }
      endRun();
      add(step.path, step.offset, window.size, `damaged: ${step.reason}`);
    } else if (step.type === 'trailing') add(step.path, step.offset, window.size, 'data after the end');
    else if (step.type === 'close') {
      if (member === step.element) member = undefined;
      else if (!member) endRun();
    } else if (!member) {
      const { element, path } = step;
      const name = element.kind.name;
      if (!RUNS.has(name)) {
        endRun();
        const isMaster = step.type === 'open';
        add(
          path,
          element.offset,
          isMaster ? element.data : element.end,
          isMaster ? `${name}: head` : describe(name),
        );
        continue;
      }
      if (run?.name === name) {
        run.end = element.end;
        run.count++;
      } else {
        endRun();
        run = { path, name, offset: element.offset, end: element.end, count: 1 };
      }
      if (step.type === 'open') member = element;
    }
  }
  endRun();
  return parts;
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  SimpleBlock: 'coded picture or sound',
  BlockGroup: 'coded picture or sound',
  Void: 'padding',
  'CRC-32': 'checksum',
  CodecPrivate: 'settings of the decoder',
  FileData: 'attached file',
  DateUTC: 'date of recording',
};

const describe = (name: string): string => DESCRIPTIONS[name] ?? name;
