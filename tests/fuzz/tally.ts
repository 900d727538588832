import type { MediaFormat } from '../../src/core/media-type.ts';
import { FORMATS, type Seed } from './corpus.ts';
import type { Execution } from './execution.ts';
import type { Finding } from './fuzz.ts';
import type { Result } from './pool.ts';

interface Row {
  executions: number;
  stripped: number;
  corrupt: number;
  unsupported: number;
  others: number;
  decoded: number;
  protected: number;
  slowest: number;
  slowestIndex: number;
  growth: number;
  growthIndex: number;
}

/** What came of all executions, by format. */
export class Tally {
  readonly #files: readonly Seed[];
  readonly #rows = new Map<MediaFormat, Row>();

  constructor(files: readonly Seed[]) {
    this.#files = files;
  }

  get count(): number {
    return [...this.#rows.values()].reduce((sum, { executions }) => sum + executions, 0);
  }

  add({ format, index }: Execution, { outcomes, ms, growth }: Result): void {
    const row = this.#rows.get(format) ?? none();
    this.#rows.set(format, row);
    const { strip, decode, protect } = outcomes;
    row.executions++;
    if (strip === 'done') row.stripped++;
    else if (strip === 'corrupt') row.corrupt++;
    else if (strip === 'unsupported') row.unsupported++;
    else row.others++;
    if (decode === 'done') row.decoded++;
    if (protect === 'done') row.protected++;
    keepMost(row, { slowest: ms, slowestIndex: index, growth, growthIndex: index });
  }

  /** As Markdown; in brackets the index of the file that took longest, and of the one that took most memory. */
  table(findings: readonly Finding[]): string {
    const line = (name: string, files: number, row: Row, found: number) =>
      `| ${[
        ...[name, files, row.executions, row.stripped, row.corrupt, row.unsupported, row.others, row.decoded],
        ...[
          row.protected,
          `${Math.round(row.slowest)} ms (${row.slowestIndex})`,
          `${Math.round(row.growth)} MiB (${row.growthIndex})`,
          found,
        ],
      ].join(' | ')} |`;
    const all = none();
    const lines = FORMATS.flatMap((format) => {
      const row = this.#rows.get(format);
      if (!row) return [];
      for (const key of COUNTS) all[key] += row[key];
      keepMost(all, row);
      const files = this.#files.filter((file) => file.format === format).length;
      return [
        line(format, files, row, findings.filter(({ execution }) => execution.format === format).length),
      ];
    });
    return [
      '| format | files | executions | stripped and clean | refused: corrupt | refused: unsupported | refused: other | decoded | protected | slowest | most growth | findings |',
      '|---|---|---|---|---|---|---|---|---|---|---|---|',
      ...lines,
      line('all', this.#files.length, all, findings.length),
    ].join('\n');
  }
}

const COUNTS = [
  ...(['executions', 'stripped', 'corrupt', 'unsupported', 'others', 'decoded', 'protected'] as const),
];

/** The most of both, and by which file. */
function keepMost(
  row: Row,
  {
    slowest,
    slowestIndex,
    growth,
    growthIndex,
  }: Pick<Row, 'slowest' | 'slowestIndex' | 'growth' | 'growthIndex'>,
): void {
  if (slowest > row.slowest) Object.assign(row, { slowest, slowestIndex });
  if (growth > row.growth) Object.assign(row, { growth, growthIndex });
}

const none = (): Row => ({
  ...{ executions: 0, stripped: 0, corrupt: 0, unsupported: 0, others: 0 },
  ...{ decoded: 0, protected: 0, slowest: 0, slowestIndex: 0, growth: 0, growthIndex: 0 },
});
