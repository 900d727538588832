/** A table of text; the first row of cells holds what the columns are called. */
export interface Table {
  /** What the figures are of: a line above the table. */
  readonly caption: string;
  readonly rows: readonly (readonly string[])[];
}

/** A table as Markdown, its columns aligned so that it can be read on a terminal too. */
export function markdown({ caption, rows }: Table): string {
  const [head] = rows;
  const widths = head.map((_, column) => Math.max(3, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, i) => (row[i] ?? '').padEnd(width)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [caption, '', line(head), rule, ...rows.slice(1).map(line)].join('\n');
}

export function percent(share: number, digits = 2): string {
  return `${fixed(100 * share, digits)} %`;
}

export function fixed(value: number, digits = 1): string {
  return value.toFixed(digits);
}
