import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { av } from '../src/node/media/video/ffmpeg.ts';
import { ROOT } from './places.ts';

/** Instructions that decide how fast a network runs. */
const TELLING_FLAGS = [
  'avx',
  'avx2',
  'fma',
  'avx512f',
  'avx512_vnni',
  'avx_vnni',
  'avx512_bf16',
  'amx_int8',
  'asimd',
  'asimddp',
  'i8mm',
];

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  /** Of TELLING_FLAGS, where /proc/cpuinfo tells. */
  readonly instructions: readonly string[] | undefined;
  readonly memoryGiB: number;
  readonly system: string;
  /** Work that waited for a core when the bench began, 1 minute's mean: well below the cores, or figures are noisy. */
  readonly load: number;
  readonly versions: Readonly<Record<string, string>>;
}

/** What a figure must be read with. */
export function describeMachine(deface: string | undefined): Machine {
  const [first] = os.cpus();
  const versions: Record<string, string | undefined> = {
    sayeh: `${packageVersion(ROOT)}${commit()}`,
    node: process.versions.node,
    'node-av': moduleVersion('node-av'),
    'FFmpeg in node-av': av.getFFmpegInfo().version,
    'ffmpeg program': said('ffmpeg', '-version')?.match(/version (\S+)/)?.[1],
    'onnxruntime-node': moduleVersion('onnxruntime-node'),
    deface: deface && said(deface, '--version'),
    "onnxruntime of deface's Python":
      deface &&
      said(
        path.join(path.dirname(deface), 'python'),
        '-c',
        'import onnxruntime; print(onnxruntime.__version__)',
      ),
  };
  return {
    processor: first?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
    instructions: instructions(),
    memoryGiB: Math.round((os.totalmem() / 2 ** 30) * 10) / 10,
    system: `${distribution()}${os.type()} ${os.release()} ${os.arch()}`,
    load: os.loadavg()[0],
    versions: Object.fromEntries(
      Object.entries(versions).filter((entry): entry is [string, string] => !!entry[1]),
    ),
  };
}

/** The machine in a line or two, for above a table. */
export function inWords({
  processor,
  cores,
  instructions,
  memoryGiB,
  system,
  load,
  versions,
}: Machine): string {
  const able = instructions?.length ? ` (${instructions.join(', ')})` : '';
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${processor}, ${cores} cores${able}, ${memoryGiB} GiB; ${system}; load ${load.toFixed(1)} at the start. ${programs.join(', ')}.`;
}

function instructions(): string[] | undefined {
  if (!existsSync('/proc/cpuinfo')) return undefined;
  const line = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1];
  const flags = new Set(line?.trim().split(/\s+/));
  return TELLING_FLAGS.filter((flag) => flags.has(flag));
}

function distribution(): string {
  const file = '/etc/os-release';
  const name = existsSync(file) && /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync(file, 'utf8'))?.[1];
  return name ? `${name}, ` : '';
}

function commit(): string {
  const hash = said('git', '-C', ROOT, 'rev-parse', '--short', 'HEAD');
  if (!hash) return '';
  return ` (${hash}${said('git', '-C', ROOT, 'status', '--porcelain', 'src', 'models') ? ' with changes' : ''})`;
}

function packageVersion(folder: string): string {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')).version;
}

function moduleVersion(name: string): string | undefined {
  const require = createRequire(import.meta.url);
  const folder = require.resolve
    .paths(name)
    ?.map((modules) => path.join(modules, name))
    .find((candidate) => existsSync(path.join(candidate, 'package.json')));
  return folder && packageVersion(folder);
}

/** What a program says of itself; undefined where it is missing or fails. */
function said(command: string, ...args: string[]): string | undefined {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
