import { Command } from 'commander';
import { eachInput } from '../each-input.ts';
import { EXIT, exitCodeFor } from '../exit-codes.ts';
import { stopOnSignals } from '../interrupt.ts';
import { type JobOptions, Jobs } from '../jobs.ts';
import { PROTECTING, type ProtectingOptions, terminalFor, withOptions } from '../options.ts';
import { outputFor, type ProtectRun, protectOne } from '../protect-one.ts';
import { needsLook, saySummary, summaryOf } from '../summary.ts';
import { type EvidenceOptions, withEvidence, withEvidenceOptions } from '../with-evidence.ts';
import { type ReportOptions, type RunReport, withReport, withReportOptions } from '../with-report.ts';

interface Options extends ProtectingOptions, EvidenceOptions, ReportOptions, JobOptions {
  recursive?: boolean;
  resume?: boolean;
  review?: boolean;
  watch?: boolean;
}

export function protectCommand(): Command {
  const command = new Command('protect')
    .description('cover every face and write new files that carry no trace of who, where, when or with what')
    .argument('<inputs...>', 'photos, videos, or with -r or --watch folders');
  withOptions(command, [
    ...PROTECTING,
    'recursive',
    'resume',
    'review',
    'watch',
    'jobs',
    'memory',
    'patience',
    'limit',
  ]);
  withOptions(command, ['json', 'quiet', 'verbose']);
  return withReportOptions(withEvidenceOptions(command)).action(run);
}

async function run(inputs: string[], options: Options): Promise<void> {
  const terminal = terminalFor(options);
  const signal = stopOnSignals();
  const jobs = new Jobs(options);
  try {
    if (options.watch) {
      const { watchFolders } = await import('../watch.ts');
      const witness: ProtectRun['witness'] = (_file, _output, publish) => publish();
      await watchFolders(inputs, { options, jobs, signal, terminal, witness });
      return;
    }
    await withReport(options, { terminal, signal, jobs }, (report) =>
      withEvidence(options, { inputs, terminal, signal, jobs }, async (witness) => {
        if (!options.review) return everyInput(inputs, report, { options, jobs, signal, terminal, witness });
        const { review } = await import('./review.ts');
        await review(inputs, options, { jobs, terminal, signal, records: { report, witness } });
      }),
    );
  } finally {
    jobs.close();
  }
}

async function everyInput(
  inputs: readonly string[],
  report: RunReport,
  run: ProtectRun & { readonly options: Options },
): Promise<void> {
  const { options, jobs, signal, terminal } = run;
  const { output, keepNames = false, recursive } = options;
  let needLook = 0;
  const { total, done, errors } = await eachInput(
    inputs,
    { recursive, signal, terminal, atOnce: jobs.count },
    (source, many) =>
      report.input(source.file, async (published) => {
        const place = await outputFor(source, { output, keepNames, many });
        if (needsLook(await protectOne(source, place, run, published))) needLook++;
      }),
  );
  report.end(errors);
  if (total > 1) saySummary(terminal, summaryOf(total, done, needLook, errors));
  if (total === 0) terminal.error('there is nothing to protect in those folders');
  process.exitCode = total === 0 ? EXIT.failed : exitCodeFor(errors);
}
