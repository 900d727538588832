import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './places.ts';

/**
 * A module of Sayeh as built: `built<typeof import('../src/x.ts')>('x')`. Benches are compiled into a folder of
 * their own, from where models and workers would be looked for in the wrong place.
 */
export function built<Module>(name: string): Promise<Module> {
  return import(pathToFileURL(path.join(ROOT, 'dist', `${name}.js`)).href) as Promise<Module>;
}
