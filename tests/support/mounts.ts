import { execFileSync } from 'node:child_process';

/** Whether this process may mount file systems: a small one is the easiest full disk. */
export const canMount = process.platform === 'linux' && process.getuid?.() === 0 && mounts('-m');
/** Whether it may do so where only it and what it starts can see it. */
export const canMountApart = mounts('-rm');

function mounts(how: string): boolean {
  try {
    execFileSync('unshare', [how, 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
