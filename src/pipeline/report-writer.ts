import { stat } from 'node:fs/promises';
import path from 'node:path';
import { SayehError } from '../core/errors.ts';
import { htmlReport } from '../core/report/html.ts';
import type { Report } from '../core/report/report.ts';
import type { Language } from '../core/report/words/words.ts';
import { asUnwritable, OutputFile, writeWhole } from '../node/files/output-file.ts';

/** What a report is called in a folder. */
const NAME = 'sayeh-report';
type Form = 'html' | 'json';

interface OpenReport {
  readonly form: Form;
  readonly target: string;
  readonly file: OutputFile;
}

/**
 * Where a run's report goes. It is opened before the work begins, so that a place that cannot be written to is known
 * before hours are spent, and gets its name when it is whole.
 */
export class ReportWriter {
  readonly #files: readonly OpenReport[];

  private constructor(files: readonly OpenReport[]) {
    this.#files = files;
  }

  /** Paths of the reports to be. */
  get places(): string[] {
    return this.#files.map(({ target }) => target);
  }

  /**
   * `place` ends in .html or .json, or is a folder that gets both. Throws SayehError: 'usage' for another type,
   * 'exists' and 'unwritable'.
   */
  static async open(place: string, options: { readonly overwrite: boolean }): Promise<ReportWriter> {
    const files: OpenReport[] = [];
    try {
      for (const { form, target } of await placesAt(place))
        files.push({ form, target, file: await OutputFile.create(target, options) });
    } catch (error) {
      for (const { file } of files) await file.discard();
      throw error;
    }
    return new ReportWriter(files);
  }

  /**
   * Writes the report and gives it its name; no half of a file ever has one. Throws SayehError: 'unwritable', and
   * 'exists' where the name was taken meanwhile.
   */
  async write(report: Report, language: Language): Promise<void> {
    try {
      for (const { form, target, file } of this.#files) {
        const text = form === 'json' ? `${JSON.stringify(report, null, 2)}\n` : htmlReport(report, language);
        await writeWhole(file, new TextEncoder().encode(text)).catch((error) => {
          throw asUnwritable(error.cause ?? error, target);
        });
      }
      for (const { file } of this.#files) await file.commit();
    } finally {
      await this.discard();
    }
  }

  /** Removes what has no name yet. */
  async discard(): Promise<void> {
    for (const { file } of this.#files) await file.discard();
  }
}

async function placesAt(place: string): Promise<{ form: Form; target: string }[]> {
  const end = path.extname(place).toLowerCase();
  const found = await stat(place).catch(() => undefined);
  if (found?.isDirectory() || /[/\\]$/.test(place) || end === '') {
    return (['html', 'json'] as const).map((form) => ({ form, target: path.join(place, `${NAME}.${form}`) }));
  }
  if (end === '.html' || end === '.htm') return [{ form: 'html', target: place }];
  if (end === '.json') return [{ form: 'json', target: place }];
  throw new SayehError(
    'usage',
    `a report is an .html or .json file, or a folder, not ${path.basename(place)}`,
  );
}
