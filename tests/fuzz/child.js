// A process of its own in which damaged files meet Sayeh as built; forked by pool.ts. It takes one file at a time and
// answers how each command fared, and what must never happen.
import '../../dist/node/process/offline.js';
import fs from 'node:fs';
import path from 'node:path';
import { Detectors, inspect, protect, SayehError, strip, verify } from '../../dist/index.js';
import { identify } from '../../dist/node/files/input-file.js';
import { openPhoto } from '../../dist/node/media/photo/open-photo.js';
import { VideoReader } from '../../dist/node/media/video/video-reader.js';

/** What a damaged file may be refused as. */
const REFUSALS = ['corrupt', 'unsupported', 'too-large', 'unrecognised'];
/** Frames of a film that are decoded. */
const MOST_FRAMES = 40;

let faults = [];
const detectors = new Detectors('yunet');

process.on('unhandledRejection', (error) => faults.push(`unhandled rejection: ${inWords(error)}`));
process.on('uncaughtException', (error) => faults.push(`uncaught: ${inWords(error)}`));
process.on('message', async (request) => {
  process.send({ id: request.id, ...(await execute(request)) });
});
process.send('ready');

async function execute({ input, stripped, protected: covered, depth }) {
  faults = [];
  resetPeak();
  const before = memoryNow();
  const cpu = process.cpuUsage();
  const outcomes = {};
  const run = async (what, work) => {
    try {
      const value = await work();
      outcomes[what] = 'done';
      return value;
    } catch (error) {
      outcomes[what] = error instanceof SayehError ? error.code : 'untyped';
      judge(what, error, input);
      return undefined;
    }
  };
  const type = await run('identify', () => identify(input));
  const found = await run('inspect', () => inspect(input, { beside: false }));
  if (found) judgeInspection(found, input);
  await run('verify', () => verify(input));
  const written = await run('strip', () => strip(input, stripped));
  if (written) {
    const { clean, violations } = await verify(stripped);
    if (!clean) faults.push(`strip wrote what is not clean: ${JSON.stringify(violations.slice(0, 3))}`);
  }
  if (depth !== 'strip' && type) {
    const whole = await run('decode', () => decode(input, type));
    if (whole && written) {
      const after = await run('decode the stripped', () => decode(stripped, written.type));
      // More is no loss: a broken index, which is written anew, may have hidden some.
      if (!after || after.size !== whole.size || after.frames < whole.frames)
        faults.push(`stripped it is ${JSON.stringify(after)}, before it was ${JSON.stringify(whole)}`);
    }
  }
  if (depth === 'protect') await run('protect', () => protect(input, covered, { detectors, audio: 'keep' }));
  // Rejections that nobody waits for are told a turn later.
  await new Promise((resolve) => setImmediate(resolve));
  const { user, system } = process.cpuUsage(cpu);
  return { outcomes, faults, ms: (user + system) / 1000, growth: Math.max(0, peak() - before) };
}

function judge(what, error, input) {
  if (!(error instanceof SayehError) || !REFUSALS.includes(error.code))
    faults.push(`${what}: ${inWords(error)}`);
  else {
    const { message } = error;
    if (message.includes(path.dirname(input)) || /node_modules|\/(?:tmp|home|usr|proc)\//.test(message))
      faults.push(`${what}: a path in a message: ${message}`);
    if (/\p{Cc}/u.test(message))
      faults.push(`${what}: control characters in a message: ${JSON.stringify(message)}`);
    if (message.length > 1000) faults.push(`${what}: a message of ${message.length} characters`);
  }
}

function judgeInspection({ parts, findings, size }, input) {
  let at = 0;
  for (const { path: name, offset, length } of parts) {
    if (offset !== at || length < 0) {
      faults.push(`inspect: ${JSON.stringify(name)} at ${offset} for ${length} bytes, not at ${at}`);
      return;
    }
    at += length;
  }
  if (at !== size) faults.push(`inspect: parts end at ${at} of ${size}`);
  if (JSON.stringify(findings).includes(path.dirname(input))) faults.push('inspect: a path in a finding');
}

/** Decodes a file in full, or a film's first frames, and says what it is. */
async function decode(file, { kind, format }) {
  if (kind === 'photo') {
    const photo = await openPhoto(file);
    let frames = 0;
    for await (const { data } of photo.frames()) {
      if (data.length !== photo.width * photo.height * (photo.hasAlpha ? 4 : 3))
        throw new Error('a frame of another size');
      frames++;
    }
    return { frames, size: `${photo.width}x${photo.height}` };
  }
  const reader = await VideoReader.open(file, format);
  try {
    let frames = 0;
    const { width, height } = reader.info;
    for await (const { picture } of reader.frames()) {
      if (picture.width !== width || picture.height !== height)
        throw new Error(`a frame of ${picture.width}x${picture.height} in a film of ${width}x${height}`);
      if (++frames >= MOST_FRAMES) break;
    }
    return { frames, size: `${width}x${height}` };
  } finally {
    await reader.close();
  }
}

function inWords(error) {
  if (error instanceof SayehError)
    return `${error.code}: ${error.message}${error.cause ? ` (${error.cause.stack ?? error.cause})` : ''}`;
  return String(error?.stack ?? error).slice(0, 1500);
}

/** Most and present memory of this process, in MiB; Linux can forget the most. */
function resetPeak() {
  if (process.platform === 'linux') fs.writeFileSync('/proc/self/clear_refs', '5');
}
const status = (name) =>
  Number(new RegExp(`${name}:\\s+(\\d+)`).exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
const peak = () => (process.platform === 'linux' ? status('VmHWM') : process.resourceUsage().maxRSS / 1024);
const memoryNow = () =>
  process.platform === 'linux' ? status('VmRSS') : process.memoryUsage().rss / 2 ** 20;
