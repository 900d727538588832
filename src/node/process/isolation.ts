import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';

// What Linux lets anybody take away from a process of his own, by the programs of util-linux, which every
// distribution has. Each starts the next in its own place, so none of them stays.

/** One thing that is taken from a process, and the program, with its arguments, that takes it. */
export interface Layer {
  readonly takes: 'network' | 'privileges' | 'limits';
  readonly command: readonly string[];
}

/**
 * No core file, and none through a pipe: a limit of 0 stops the file only, while the kernel hands nothing to the
 * system's collector of core dumps where the limit is 1 byte (fs/coredump.c).
 */
const NO_CORE = '--core=1:1';

/** Stacks, heaps that are set aside and code are writable memory too; measured: 0.85 GiB on two cores. */
const SET_ASIDE = 2 ** 30;
const SET_ASIDE_PER_CORE = 2 ** 28;

/**
 * The layers that may work here, the outermost first; whether they do only trying can tell, since a container or the
 * system's settings may forbid them. `memory` is what the process may have resident, in bytes: the kernel holds it to
 * a little more of writable memory, in case it grows faster than anybody can look.
 */
export function isolationLayers(memory: number): Layer[] {
  return layerRows(memory).flatMap(([takes, name, args]) => {
    const program = find(name);
    return program ? [{ takes, command: [program, ...args] }] : [];
  });
}

function layerRows(memory: number): LayerRow[] {
  if (process.platform !== 'linux') return [];
  const isRoot = process.getuid?.() === 0;
  const data = memory + SET_ASIDE + SET_ASIDE_PER_CORE * availableParallelism();
  return [
    // Who is not root needs a user namespace for it; root would lose its access to other people's files there.
    ['network', 'unshare', [...(isRoot ? [] : ['--user', '--map-current-user']), '--net', '--']],
    // Apart, since in a container even root may not be allowed the first.
    ...(isRoot ? [['privileges', 'setpriv', [ROOT_WITHOUT_POWERS, '--']] as LayerRow] : []),
    ['privileges', 'setpriv', ['--no-new-privs', '--']],
    ['limits', 'prlimit', [NO_CORE, `--data=${Math.round(data)}`, '--']],
  ];
}

/** Of what root may do, reading and writing files is left. */
const ROOT_WITHOUT_POWERS = '--bounding-set=-all,+dac_override,+dac_read_search,+fowner,+chown';
type LayerRow = [takes: Layer['takes'], program: string, args: string[]];

/** The layer that refused, going by what its program said as it ended; none where it was something else. */
export function layerThatFailed(layers: readonly Layer[], said: string): Layer | undefined {
  return layers.find(({ command: [program] }) =>
    new RegExp(`(^|/|\\n)${path.basename(program)}: `).test(said),
  );
}

/** What came of trying a layer. */
export interface TriedLayer {
  readonly takes: Layer['takes'];
  /** By name, without its folder. */
  readonly program: string;
  readonly outcome: 'works' | 'absent' | 'forbidden';
}

/** Tries each layer on this machine. None where the system has no such layers. */
export function tryLayers(memory: number): TriedLayer[] {
  return layerRows(memory).map(([takes, name, args]) => {
    const program = find(name);
    if (!program) return { takes, program: name, outcome: 'absent' };
    try {
      execFileSync(program, [...args, find('true') ?? 'true'], { stdio: 'ignore' });
      return { takes, program: name, outcome: 'works' };
    } catch {
      return { takes, program: name, outcome: 'forbidden' };
    }
  });
}

/** Asks the system to write no core dump of this process, nor of those it starts. Nothing comes of it elsewhere. */
export function refuseCoreDumps(): void {
  const program = process.platform === 'linux' && find('prlimit');
  if (program) execFile(program, ['--pid', String(process.pid), NO_CORE], () => {}).unref();
}

/** By their full path, so that nobody's PATH has a say. */
function find(program: string): string | undefined {
  return ['/usr/bin', '/bin', '/run/current-system/sw/bin']
    .map((folder) => path.join(folder, program))
    .find((file) => existsSync(file));
}
