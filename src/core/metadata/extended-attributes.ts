import type { Betrays, Finding } from './format.ts';
import { printable } from './still/bytes.ts';

/** What a file system keeps beside a file's content under a name. */
export interface ExtendedAttribute {
  /** `user.xdg.origin.url`, `com.apple.quarantine`, `Zone.Identifier`. */
  readonly name: string;
  readonly value: Uint8Array;
}

const MEANINGS: readonly (readonly [RegExp, Betrays, string])[] = [
  [/origin\.url|WhereFroms|Zone\.Identifier|referrer/i, 'who', 'the address of its download'],
  [/quarantine/i, 'when', 'when and with what program it was downloaded'],
  [/FinderComment|xdg\.comment|user\.comment/i, 'who', 'a comment on the file'],
  [/userTags|xdg\.tags|FinderInfo/i, 'who', 'tags on the file'],
  [/dropbox|onedrive|gdrive|drivefs|nextcloud/i, 'who', 'the mark of an account for shared files'],
  [/kMDItem|date/i, 'when', 'a note of the system on the file'],
];
/** Access rules and labels that the system sets on every file. */
const SYSTEM = /^(security\.selinux|system\.posix_acl|security\.ima|com\.apple\.provenance$)/;

/** What a file's extended attributes give away. */
export function attributeFindings(attributes: readonly ExtendedAttribute[]): Finding[] {
  return attributes
    .filter(({ name }) => !SYSTEM.test(name))
    .map(({ name, value }) => {
      const [, betrays, label] = MEANINGS.find(([pattern]) => pattern.test(name)) ?? [
        undefined,
        'unknown' as const,
        'an extended attribute',
      ];
      const text = printable(`${name}: ${new TextDecoder().decode(value)}`, 400);
      return { betrays, part: 'extended attributes', label, value: text };
    });
}
