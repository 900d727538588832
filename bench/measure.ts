import path from 'node:path';
import type { Measured } from './measured-protect.ts';
import { run } from './run.ts';

/** Protects a film in a process of its own; what that took, `seconds` by the clock. */
export async function measureProtect(input: string, output: string): Promise<Measured & { seconds: number }> {
  const child = path.join(import.meta.dirname, 'measured-protect.js');
  const { seconds, stdout } = await run(process.execPath, [child, input, output]);
  return { ...JSON.parse(stdout), seconds };
}
