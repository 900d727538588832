import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { identify } from '../src/node/files/input-file.ts';
import { verify } from '../src/pipeline/verify.ts';
import { filesBelow } from '../tests/support/shared.ts';
import { namesOfTellingTags } from '../tests/support/telling.ts';
import type { Bench } from './bench.ts';
import { SHARED } from './places.ts';
import { findProgram } from './tools.ts';

const SAMPLES = path.join(SHARED, 'data', 'metadata');

const TOOLS = ['sayeh strip', 'sayeh protect', 'exiftool -all=', 'mat2', 'exif-be-gone'] as const;
type Tool = (typeof TOOLS)[number];

/** What one tool made of one file. */
type Outcome =
  | { readonly refused: string }
  | { readonly file: string; readonly tags: readonly string[]; readonly violations: number | undefined };
type Row = Record<Tool, Outcome>;

/**
 * What Sayeh, exiftool (the engine of ExifCleaner) and mat2 leave in a folder of files with real metadata, and in
 * files made here with things that cleaners are known to miss. Asks for exiftool, mat2 and ffmpeg, and for
 * exif-be-gone on the PATH (`npm install -g exif-be-gone`). Writes docs/metadata/table.md.
 */
export const metadata: Bench = async ({ work }) => {
  const names = filesBelow(SAMPLES);
  const rows = await cleanAll(SAMPLES, names, work);
  const planted = await plant(path.join(work, 'planted'));
  const plantedRows = await cleanAll(
    path.join(work, 'planted'),
    planted.map(({ name }) => name),
    work,
  );
  await writeFile('docs/metadata/table.md', await page(names, rows, planted, plantedRows));
  return { tables: [], data: { rows, plantedRows } };
};

async function cleanAll(
  folder: string,
  names: readonly string[],
  work: string,
): Promise<Record<string, Row>> {
  const ours = {
    'sayeh strip': sayeh('strip', folder, names, work),
    'sayeh protect': sayeh('protect', folder, names, work),
  };
  const rows: Record<string, Row> = {};
  for (const name of names) {
    rows[name] = {
      'sayeh strip': await judge(ours['sayeh strip'].get(name)),
      'sayeh protect': await judge(ours['sayeh protect'].get(name)),
      'exiftool -all=': await judge(
        await peer(folder, name, work, 'exiftool', ['-q', '-overwrite_original', '-all=']),
      ),
      mat2: await judge(await peer(folder, name, work, 'mat2', ['--inplace'])),
      'exif-be-gone': await judge(await exifBeGone(folder, name, work)),
    };
    console.error(name);
  }
  return rows;
}

/** By input name: the file written, or an Error that says why none was. */
function sayeh(command: 'strip' | 'protect', folder: string, names: readonly string[], work: string) {
  const output = path.join(work, command, path.basename(folder));
  const files = names.map((name) => path.join(folder, name));
  const { stdout } = spawnSync(
    process.execPath,
    ['bin/sayeh.js', command, '--json', '-o', `${output}/`, ...files],
    { encoding: 'utf8', maxBuffer: 1 << 30 },
  );
  const results = new Map<string, string | Error>();
  for (const line of stdout.split('\n').filter(Boolean)) {
    const { input, output: written, code, message } = JSON.parse(line);
    const name = path.relative(folder, input);
    results.set(name, written ?? new Error(`${code}: ${withoutName(message, name)}`));
  }
  return results;
}

async function peer(folder: string, name: string, work: string, command: string, options: string[]) {
  const copy = path.join(work, command, path.basename(folder), name);
  await mkdir(path.dirname(copy), { recursive: true });
  await copyFile(path.join(folder, name), copy);
  const { status, stderr, stdout } = spawnSync(command, [...options, copy], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (status === 0) return copy;
  const said = `${stderr}\n${stdout}`.split('\n').find((line) => line.trim() !== '') ?? 'no reason given';
  return new Error(withoutName(said.replaceAll(copy, '').trim(), name));
}

/** Takes a file and the name of another, and knows no failure: what it has no rule for it copies. */
async function exifBeGone(folder: string, name: string, work: string): Promise<string | Error> {
  const program = findProgram('exif-be-gone', undefined);
  if (!program) return new Error('exif-be-gone is not installed');
  const output = path.join(work, 'exif-be-gone', path.basename(folder), name);
  await mkdir(path.dirname(output), { recursive: true });
  const { status } = spawnSync(program, [path.join(folder, name), output], { timeout: 120_000 });
  return status === 0 ? output : new Error('it failed');
}

function withoutName(text: string, name: string): string {
  return text.replaceAll(`${path.basename(name)}: `, '').replaceAll(path.basename(name), 'the file');
}

async function judge(result: string | Error | undefined): Promise<Outcome> {
  if (typeof result !== 'string') return { refused: result?.message ?? 'nothing was said of it' };
  const type = await identify(result).catch(() => undefined);
  const checked = type && (await verify(result).catch(() => undefined));
  return {
    file: result,
    tags: namesOfTellingTags(result, type?.format),
    violations: checked?.violations.length,
  };
}

interface Planted {
  readonly name: string;
  readonly what: string;
  readonly secret: string;
}

/** Films and a photo with one thing each that cleaners of tags are known to leave. */
async function plant(folder: string): Promise<Planted[]> {
  await mkdir(folder, { recursive: true });
  const at = (name: string) => path.join(folder, name);
  const run = (command: string, ...args: string[]) => {
    const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${command}: ${stderr}`);
  };
  const ffmpeg = (...args: string[]) => run('ffmpeg', '-v', 'error', '-y', ...args);
  const film = ['-f', 'lavfi', '-i', 'testsrc2=s=320x240:d=2'];
  const coded = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p'];
  const quiet = ['-bsf:v', 'filter_units=remove_types=6'];
  const times = '1\n00:00:00,000 --> 00:00:02,000\n';
  await writeFile(at('gps.srt'), `${times}GPS 35.7000N 51.4000E\n`);
  await writeFile(
    at('chapters.txt'),
    ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=2\ntitle=Azadi Square\n',
  );
  ffmpeg('-f', 'lavfi', '-i', 'mandelbrot=s=160x120', '-frames:v', '1', '-bitexact', at('small.jpg'));
  ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=640x480', '-frames:v', '1', at('thumbnail.jpg'));
  run('exiftool', '-q', '-overwrite_original', '-Comment=', at('thumbnail.jpg'));
  run('exiftool', '-q', '-overwrite_original', `-ThumbnailImage<=${at('small.jpg')}`, at('thumbnail.jpg'));
  const small = (await readFile(at('small.jpg'))).subarray(-400).toString('latin1');
  ffmpeg(...film, '-i', at('gps.srt'), ...coded, ...quiet, '-c:s', 'mov_text', at('gps-track.mp4'));
  ffmpeg(...film, ...coded, ...quiet, at('plain.mp4'));
  const both = ['-map', '0', '-map', '1', '-c', 'copy', '-disposition:v:1', 'attached_pic'];
  ffmpeg('-i', at('plain.mp4'), '-i', at('small.jpg'), ...both, at('cover.mp4'));
  ffmpeg(...film, ...coded, at('encoder-sei.mp4'));
  ffmpeg(
    '-i',
    at('plain.mp4'),
    '-i',
    at('chapters.txt'),
    '-map_chapters',
    '1',
    '-c',
    'copy',
    at('chapters.mp4'),
  );
  ffmpeg(
    '-i',
    at('plain.mp4'),
    '-c',
    'copy',
    '-metadata:s:v',
    'handler_name=Phone of Neda',
    at('handler.mp4'),
  );
  await copyFile(at('plain.mp4'), at('tail.mp4'));
  await writeFile(at('tail.mp4'), 'said by Neda', { flag: 'a' });
  const made: Planted[] = [
    { name: 'gps-track.mp4', what: 'positions in a subtitle track, as drones write', secret: '35.7000N' },
    { name: 'cover.mp4', what: 'cover picture', secret: small },
    { name: 'encoder-sei.mp4', what: 'encoder and its settings in SEI', secret: 'x264 - core' },
    { name: 'chapters.mp4', what: 'chapter names', secret: 'Azadi Square' },
    { name: 'handler.mp4', what: 'handler name', secret: 'Phone of Neda' },
    { name: 'tail.mp4', what: 'bytes after the last box', secret: 'said by Neda' },
    { name: 'thumbnail.jpg', what: 'thumbnail in EXIF', secret: small },
  ];
  const kept = new Set(made.map(({ name }) => name));
  for (const name of await readdir(folder)) if (!kept.has(name)) await rm(at(name));
  for (const { name, secret } of made)
    if (!(await readFile(at(name), 'latin1')).includes(secret)) throw new Error(`nothing planted in ${name}`);
  return made;
}

async function page(
  names: readonly string[],
  rows: Record<string, Row>,
  planted: readonly Planted[],
  plantedRows: Record<string, Row>,
): Promise<string> {
  const version = (command: string, option: string) =>
    spawnSync(command, [option], { encoding: 'utf8' }).stdout.trim().split('\n')[0];
  const head = `${TOOLS.join(' | ')} |\n|---|${TOOLS.map(() => '---|').join('')}`;
  const cells = (row: Row) => TOOLS.map((tool) => cell(row[tool])).join(' | ');
  const count = (tool: Tool, test: (outcome: Outcome) => boolean) =>
    names.filter((name) => test(rows[name][tool])).length;
  const tagsLeft = (outcome: Outcome) => 'file' in outcome && outcome.tags.length > 0;
  const partsLeft = (outcome: Outcome) => 'file' in outcome && (outcome.violations ?? 0) > 0;
  const isRefused = (outcome: Outcome) => 'refused' in outcome;
  const summary: [string, (outcome: Outcome) => boolean][] = [
    ['written', (outcome) => !isRefused(outcome)],
    ['written, and nothing found in it', (o) => !isRefused(o) && !tagsLeft(o) && !partsLeft(o)],
    ['written with tags that tell, as exiftool reads them', tagsLeft],
    ['written with parts that `sayeh verify` does not allow', partsLeft],
    ['refused or failed', isRefused],
  ];
  const lines = [
    '# What cleaners leave behind',
    '',
    `Made by \`bench/metadata.ts\` with exiftool ${version('exiftool', '-ver')}, ${version('mat2', '--version')} and exif-be-gone ${await versionOfExifBeGone()}, all as they come; \`exiftool -all=\` is what ExifCleaner runs. mat2 codes pictures anew. exif-be-gone has rules for JPEG, PNG, WebP and TIFF, and copies what it has no rule for. "tags": what exiftool still reads beyond how the file is built. "parts": what the allowlist does not name; it is Sayeh's own, so it is strict on others (a plain leftover such as a resolution counts). Refused files are not written by Sayeh; exiftool and mat2 leave the file as it was, exif-be-gone refuses nothing. A dash: a type Sayeh cannot check.`,
    '',
    `## ${names.length} files with real metadata`,
    '',
    `| files | ${head}`,
    ...summary.map(([title, test]) => `| ${title} | ${TOOLS.map((tool) => count(tool, test)).join(' | ')} |`),
    '',
    ...TOOLS.slice(2).map(
      (tool) => `Most frequent tags left by ${tool}: ${mostFrequent(names, rows, tool)}.\n`,
    ),
    '## Known leaks, one planted in each file',
    '',
    `| planted | ${head}`,
  ];
  for (const { name, what, secret } of planted) {
    const found = TOOLS.map((tool) => verdict(plantedRows[name][tool], secret));
    lines.push(`| ${what} | ${(await Promise.all(found)).join(' | ')} |`);
  }
  lines.push('', '## File by file', '', `| file | ${head}`);
  for (const name of names) lines.push(`| ${name} | ${cells(rows[name])} |`);
  return `${lines.join('\n')}\n`;
}

async function versionOfExifBeGone(): Promise<string> {
  const program = findProgram('exif-be-gone', undefined);
  if (!program) return '(not installed)';
  const about = path.join(path.dirname(await realpath(program)), 'package.json');
  return JSON.parse(await readFile(about, 'utf8')).version;
}

/** So that a reader can tell a date from a background colour. */
function mostFrequent(names: readonly string[], rows: Record<string, Row>, tool: Tool): string {
  const times = new Map<string, number>();
  for (const name of names) {
    const outcome = rows[name][tool];
    for (const tag of 'file' in outcome ? outcome.tags : []) times.set(tag, (times.get(tag) ?? 0) + 1);
  }
  const most = [...times].sort((a, b) => b[1] - a[1]).slice(0, 8);
  return most.map(([tag, count]) => `${tag} (${count})`).join(', ');
}

async function verdict(outcome: Outcome, secret: string): Promise<string> {
  if ('refused' in outcome) return cell(outcome);
  await stat(outcome.file);
  return (await readFile(outcome.file, 'latin1')).includes(secret) ? '**still there**' : 'gone';
}

function cell(outcome: Outcome): string {
  if ('refused' in outcome) return `refused: ${outcome.refused.replace(/[|\n\r]+/g, ' ').slice(0, 90)}`;
  const { tags, violations } = outcome;
  if (tags.length === 0 && violations === 0) return 'clean';
  return `${tags.length} tags, ${violations ?? '–'} parts`;
}
