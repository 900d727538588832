import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ExtendedAttribute } from '../../core/metadata/extended-attributes.ts';

/** What there is, or why nobody looked. */
export type ExtendedAttributes =
  | { readonly attributes: readonly ExtendedAttribute[] }
  | { readonly notLookedAt: string };

/**
 * Reads a file's extended attributes. Node has no call for that, so the system's own program is asked, by its full
 * path: `getfattr` on Linux (package attr), `xattr` on macOS. On Windows only the zone identifier, which names where
 * a file came from, can be opened by name.
 */
export async function extendedAttributes(file: string): Promise<ExtendedAttributes> {
  switch (process.platform) {
    case 'linux':
      return fromGetfattr(file);
    case 'darwin':
      return fromXattr(file);
    case 'win32':
      return zoneIdentifier(file);
    default:
      return { notLookedAt: 'extended attributes (this system has no program for them that Sayeh knows)' };
  }
}

const LINUX = '/usr/bin/getfattr';
const MACOS = '/usr/bin/xattr';

async function fromGetfattr(file: string): Promise<ExtendedAttributes> {
  const said = await answer(LINUX, ['--dump', '--match=-', '--encoding=hex', '--absolute-names', '--', file]);
  if (said === undefined)
    return { notLookedAt: 'extended attributes (getfattr, of the package attr, is not there or failed)' };
  const attributes = [...said.matchAll(/^([^#=\n][^=\n]*)=0x([0-9a-f]*)$/gim)];
  return { attributes: attributes.map(([, name, hex]) => ({ name, value: fromHex(hex) })) };
}

async function fromXattr(file: string): Promise<ExtendedAttributes> {
  const names = await answer(MACOS, [file]);
  if (names === undefined) return { notLookedAt: 'extended attributes (xattr is not there or failed)' };
  const attributes: ExtendedAttribute[] = [];
  for (const name of names.split('\n').filter(Boolean)) {
    const hex = await answer(MACOS, ['-px', name, file]);
    attributes.push({ name, value: fromHex((hex ?? '').replace(/\s/g, '')) });
  }
  return { attributes };
}

async function zoneIdentifier(file: string): Promise<ExtendedAttributes> {
  const value = await readFile(`${path.resolve(file)}:Zone.Identifier`).catch(() => undefined);
  return { attributes: value ? [{ name: 'Zone.Identifier', value }] : [] };
}

/** What a program prints; undefined where it is not there or fails. */
function answer(program: string, options: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, options, { encoding: 'utf8', timeout: 5000, maxBuffer: 1 << 24 }, (error, stdout) =>
      resolve(error ? undefined : stdout),
    );
  });
}

const fromHex = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
