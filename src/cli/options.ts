import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  DETECTOR_NAMES,
  type DetectorName,
  SENSITIVITIES,
  type Sensitivity,
} from '../core/detect/catalogue.ts';
import { type GivenLimits, LIMIT_NAMES, LIMITS, type Limits, whatIsWrong } from '../core/limits.ts';
import type { Style } from '../core/redact/redact.ts';
import { LANGUAGES } from '../core/report/words/words.ts';
import { VIDEO_ENCODERS, type VideoCodec } from '../node/media/video/codecs.ts';
import { Terminal } from './terminal.ts';

// Options shared by several commands, so that each is worded and checked once.

export const option = {
  output: new Option(
    '-o, --output <file-or-folder>',
    'where to write (default: a folder `protected` beside the input)',
  ),
  style: new Option('--style <style>', 'how covered places look')
    .choices(['blur', 'pixelate', 'solid'])
    .default('blur'),
  cover: new Option('--cover <area>', 'cover the whole head or the face only')
    .choices(['head', 'face'])
    .default('head'),
  audio: new Option('--audio <what>', 'a voice is an identity: sound is dropped unless kept')
    .choices(['drop', 'keep'])
    .default('drop'),
  sensitivity: new Option('--sensitivity <level>', 'higher misses less and covers more that is no face')
    .choices(SENSITIVITIES)
    .default('normal'),
  detector: new Option('--detector <name>', 'which network looks for faces')
    .choices(DETECTOR_NAMES)
    .default('centerface'),
  every: new Option(
    '--every <n>',
    'films: the analysis looks for faces in every n-th frame (counted from each cut) and in no other; of who shows up or runs between two looks it knows nothing, and only the second network may (default: as often as the film needs)',
  ).argParser(wholeNumberFrom(1)),
  videoCodec: new Option('--video-codec <codec>', 'how videos are coded')
    .choices(Object.keys(VIDEO_ENCODERS))
    .default('h264'),
  threads: new Option(
    '--threads <n>',
    'encoder threads; 1 gives the same bytes on every machine (default: as many as serve)',
  )
    .argParser(wholeNumberFrom(0))
    .default(0, 'auto'),
  keepNames: new Option('--keep-names', 'keep file names (and, with -r, folders): names can betray'),
  review: new Option(
    '--review',
    'open a page on this machine to see and change what is covered, and write the files from there',
  ).conflicts(['resume', 'jobs']),
  resume: new Option(
    '--resume',
    'films: keep what is found on the way in a hidden file beside the output, and go on from there after a stop',
  ),
  force: new Option('--force', 'replace files that are already there'),
  inPlace: new Option(
    '--in-place',
    'put the new file in the place of the old one, after its check; the old one is gone',
  ).conflicts('output'),
  dryRun: new Option('--dry-run', 'write nothing and say what would go'),
  evidence: new Option(
    '--evidence <file>',
    'write down, encrypted, which original became which file: hashes, metadata, what was covered',
  ),
  recipient: new Option(
    '--recipient <key>',
    'who can decrypt the evidence: a public key of age (age1...); may be given again',
  ).argParser(collect),
  recipientsFile: new Option(
    '--recipients-file <file>',
    'the same, one key a line, as age takes them; may be given again',
  ).argParser(collect),
  report: new Option(
    '--report <file-or-folder>',
    'say what was done, and what to look at before publishing: an .html or .json file, or a folder for both',
  ),
  reportLanguage: new Option('--report-language <language>', 'English, Persian or Arabic')
    .choices(LANGUAGES)
    .default('en'),
  reportDate: new Option('--report-date', 'say in the report on which day (UTC) it was made'),
  recursive: new Option('-r, --recursive', 'walk folders'),
  watch: new Option(
    '--watch',
    'stay and protect what is put into these folders, until Ctrl-C; files that are still being copied are waited for',
  ).conflicts(['review', 'report', 'evidence']),
  jobs: new Option(
    '--jobs <n>',
    'how many files are worked on side by side, each in a process of its own; networks share the cores among them',
  )
    .argParser(wholeNumberFrom(1))
    .default(1),
  memory: new Option(
    '--memory <MiB>',
    'memory that one file may take before it is given up (default: three quarters of this machine, shared by jobs)',
  ).argParser(wholeNumberFrom(256, 6)),
  patience: new Option(
    '--patience <seconds>',
    'a file is given up where nothing goes on for so long, and a second more for each MiB of it',
  )
    .argParser(wholeNumberFrom(1, 6))
    .default(600),
  limit: new Option(
    '--limit <name=value>',
    `what a file may be at most, for one that you trust; may be given again: ${limitsInWords()}`,
  ).argParser(addLimit),
  json: new Option('--json', 'one JSON object a file on standard output'),
  quiet: new Option('-q, --quiet', 'errors only').conflicts('verbose'),
  verbose: new Option('-v, --verbose', 'more detail, raw values and full paths included'),
};

/** How files are protected, whoever decides: the options of every command that writes what an analysis found. */
export interface ProtectingOptions {
  output?: string;
  style: Style;
  cover: 'head' | 'face';
  audio: 'drop' | 'keep';
  sensitivity: Sensitivity;
  every?: number;
  detector: DetectorName;
  videoCodec: VideoCodec;
  threads: number;
  keepNames?: boolean;
  force?: boolean;
  json?: boolean;
  quiet?: boolean;
  verbose?: boolean;
}

export const PROTECTING = [
  'output',
  'style',
  'cover',
  'audio',
  'sensitivity',
  'every',
  'detector',
  'videoCodec',
  'threads',
  'keepNames',
  'force',
] as const satisfies readonly (keyof typeof option)[];

export function withOptions(command: Command, names: readonly (keyof typeof option)[]): Command {
  for (const name of names) command.addOption(option[name]);
  return command;
}

export function terminalFor(options: {
  json?: boolean;
  quiet?: boolean;
  verbose?: boolean;
  jobs?: number;
}): Terminal {
  const verbosity = options.quiet ? 'quiet' : options.verbose ? 'verbose' : 'normal';
  return new Terminal({ verbosity, json: options.json ?? false, several: (options.jobs ?? 1) > 1 });
}

function collect(value: string, earlier: readonly string[] = []): string[] {
  return [...earlier, value];
}

function limitsInWords(): string {
  const each = LIMIT_NAMES.map((name) => {
    const { usual, what } = LIMITS[name];
    return `${name}=${Math.round(usual * 10) / 10} (${what})`;
  });
  return each.join(', ');
}

function addLimit(text: string, earlier: GivenLimits = {}): GivenLimits {
  const [, name, value] = /^([^=]*)=(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError('It must be a name and a number: picture=400.');
  const wrong = whatIsWrong(name, Number(value));
  if (wrong !== undefined) throw new InvalidArgumentError(wrong);
  return { ...earlier, [name as keyof Limits]: Number(value) };
}

function wholeNumberFrom(least: number, digits = 3): (text: string) => number {
  return (text) => {
    if (/^\d+$/.test(text) && text.length <= digits && Number(text) >= least) return Number(text);
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${'9'.repeat(digits)}.`);
  };
}
