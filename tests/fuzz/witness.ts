import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import fs from 'node:fs';
import { SNIFF_LENGTH, sniff } from '../../src/core/media-type.ts';
import { EXIFTOOL_OPTIONS } from '../support/exiftool.ts';
import { tellingNames } from '../support/telling.ts';

/** exiftool, started once and asked about many files: it takes longer to start than to read one. */
export class Witness {
  readonly #exiftool: ChildProcessWithoutNullStreams;
  #answer = '';
  #waiting: (() => void) | undefined;

  constructor() {
    this.#exiftool = spawn('exiftool', ['-stay_open', 'True', '-@', '-']);
    this.#exiftool.stdout.on('data', (text) => {
      this.#answer += text;
      if (this.#answer.trimEnd().endsWith('{ready}')) this.#waiting?.();
    });
    this.#exiftool.stderr.resume();
  }

  /** Names of tags by which a written file tells more than how it is built. */
  async tellingTags(file: string): Promise<string[]> {
    const head = fs.readFileSync(file).subarray(0, SNIFF_LENGTH);
    this.#answer = '';
    await new Promise<void>((resolve) => {
      this.#waiting = resolve;
      this.#exiftool.stdin.write([...EXIFTOOL_OPTIONS, file, '-execute\n'].join('\n'));
    });
    const [tags] = JSON.parse(this.#answer.slice(0, this.#answer.lastIndexOf('{ready}')));
    return tellingNames(tags, sniff(head)?.format);
  }

  close(): void {
    this.#exiftool.stdin.end('-stay_open\nFalse\n');
  }
}
