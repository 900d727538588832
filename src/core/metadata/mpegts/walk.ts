import type { Part } from '../format.ts';
import type { Window } from '../window.ts';
import { describeUnwanted } from './codecs.ts';
import { type Packet, parsePacket, readFraming, stretches } from './packet.ts';
import { type Program, readProgram } from './program.ts';
import { describePid } from './strip.ts';

/** Packets of a kind that follow one another are one part; once there are this many, every MiB is one. */
const FINE_PARTS = 20_000;
const COARSE = 1 << 20;

interface Run {
  readonly path: string;
  readonly what: string;
  readonly offset: number;
  end: number;
}

/** Lists the packets in file order, joined into runs. */
export async function walkPackets(window: Window): Promise<Part[]> {
  const framing = await readFraming(window);
  const namer = new Namer(await readProgram(window, framing));
  const parts: Part[] = [];
  let run: Run | undefined;
  const endRun = () => {
    if (run) parts.push({ path: run.path, offset: run.offset, length: run.end - run.offset, what: run.what });
    run = undefined;
  };
  const extend = (path: string, what: string, offset: number, length: number) => {
    const isCoarse = parts.length >= FINE_PARTS;
    if (run && (isCoarse ? run.end - run.offset < COARSE : run.path === path)) run.end = offset + length;
    else {
      endRun();
      run = isCoarse
        ? { path: 'packets of several kinds', what: 'packets of several kinds', offset, end: offset + length }
        : { path, what, offset, end: offset + length };
    }
  };
  for await (const { offset, bytes, inSync } of stretches(window, framing)) {
    if (!inSync) {
      const isEnd = offset + bytes.length === window.size;
      const what = isEnd ? 'damaged: data after the last packet' : 'damaged: bytes that are no packets';
      endRun();
      parts.push({ path: 'no packets', offset, length: bytes.length, what });
      continue;
    }
    for (let at = 0; at < bytes.length; at += framing.stride) {
      const packet = parsePacket(bytes, at + framing.lead);
      const { path, what } = namer.name(bytes, packet);
      extend(path, what, offset + at, framing.stride);
    }
  }
  endRun();
  return parts;
}

class Namer {
  readonly #known = new Map<number, { path: string; what: string }>();

  constructor(program: Program | undefined) {
    if (!program) return;
    for (const stream of program.map.streams)
      this.#known.set(stream.pid, {
        path: `PID 0x${stream.pid.toString(16)}`,
        what: describeUnwanted(stream),
      });
    // Picture and sound alternate every few packets: told apart, they would be most of the list.
    for (const { pid } of program.streams)
      this.#known.set(pid, { path: 'picture and sound', what: 'picture and sound' });
    this.#known.set(program.mapPid, { path: `PID 0x${program.mapPid.toString(16)}`, what: 'programme map' });
  }

  name(bytes: Uint8Array, packet: Packet): { path: string; what: string } {
    const { pid, payload, end } = packet;
    if (packet.adaptation?.hasMore)
      return {
        path: `PID 0x${pid.toString(16)} with private data`,
        what: 'packets with private data in their heads',
      };
    if (pid === 0x1fff && bytes.subarray(payload, end).some((byte) => byte !== bytes[payload]))
      return { path: 'null packets with content', what: 'null packets with content' };
    const known = this.#known.get(pid);
    if (known) return known;
    const named = { path: `PID 0x${pid.toString(16)}`, what: describePid(pid) };
    this.#known.set(pid, named);
    return named;
  }
}
