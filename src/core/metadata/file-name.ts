import type { Finding } from './format.ts';

/** Patterns of names that cameras, phones and apps give, and what each one tells. */
const TELLING: readonly { pattern: RegExp; label: string; betrays: Finding['betrays'] }[] = [
  {
    pattern: /(19|20)\d{2}[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])/,
    label: 'a date in the file name',
    betrays: 'when',
  },
  {
    pattern: /^(IMG|VID|MVIMG|PANO|BURST|MVI)[-_]?\d/i,
    label: 'a name as phones and cameras give it',
    betrays: 'device',
  },
  { pattern: /^(PXL)_/i, label: 'a name as Google Pixel phones give it', betrays: 'device' },
  {
    pattern: /^(DSC[FN]?|_DSC|P\d{7}|GOPR|GH\d{6}|GX\d{6}|DJI)[-_]?\d*/i,
    label: 'a name as cameras give it',
    betrays: 'device',
  },
  {
    pattern: /WA\d{4}|WhatsApp|signal-|telegram|photo_\d|video_\d/i,
    label: 'a name as a messenger gives it',
    betrays: 'edited',
  },
  {
    pattern: /screen[-_ ]?shot|screen[-_ ]?recording/i,
    label: 'a name as a screen capture gets it',
    betrays: 'edited',
  },
];

/** What a file's own name gives away. `name` is without folders. */
export function inspectName(name: string): Finding[] {
  return TELLING.filter(({ pattern }) => pattern.test(name)).map(({ label, betrays }) => ({
    betrays,
    part: 'file name',
    label,
    value: name,
  }));
}

/** The user's own folder in a path, as Linux, macOS and Windows lay them out. */
const HOME = /[/\\](?:home|Users|Benutzer)[/\\]([^/\\]+)/i;
/** Folders as cameras number them (DCF 2.0 section 3.2.1) and phones name them. */
const CAMERA_FOLDER = /^(\d{3}[A-Z0-9_]{5}|DCIM|Camera)$/i;

/**
 * What the folders that a file lies in give away: they are no part of it, but go along in an archive, a shared folder
 * or a screenshot. `folder` is the whole path of the folder.
 */
export function inspectFolders(folder: string): Finding[] {
  const findings: Finding[] = [];
  const add = (betrays: Finding['betrays'], label: string, value: string) =>
    findings.push({ betrays, part: 'folder', label, value });
  const user = HOME.exec(folder)?.[1];
  if (user) add('who', "a user's name in the path of the folder", user);
  for (const name of folder.split(/[/\\]/)) {
    if (CAMERA_FOLDER.test(name)) add('device', 'a folder as cameras and phones name them', name);
    for (const { label, betrays } of inspectName(name))
      if (betrays === 'when') add(betrays, label.replace('file name', 'name of a folder'), name);
  }
  const name = folder.split(/[/\\]/).findLast((part) => part !== '');
  if (name) add('unknown', 'the name of the folder', name);
  return findings;
}
