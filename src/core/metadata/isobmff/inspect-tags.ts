import type { ByteSource } from '../byte-source.ts';
import { jumbfFindings } from '../c2pa/findings.ts';
import type { Finding } from '../format.ts';
import { readableRuns } from '../still/bytes.ts';
import { xmpFindings } from '../xmp/findings.ts';
import { contentOf, fieldsOf } from './box-content.ts';
import { type Box, everyBox, findBox } from './box-tree.ts';
import { utf8 } from './field-reader.ts';
import { HARMLESS, meaningOf } from './tag-meanings.ts';

/** What the lists of tags reveal: `udta`, `meta` with `ilst` and `keys`, and `uuid` boxes, wherever they are. */
export async function tagFindings(source: ByteSource, boxes: readonly Box[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const box of everyBox(boxes)) {
    if (box.type === 'udta') findings.push(...(await userData(source, box)));
    if (box.type === 'meta') findings.push(...(await itemList(source, box)));
    if (box.type === 'uuid' || box.type === 'jumb') findings.push(...(await privateBox(source, box)));
  }
  return findings;
}

async function userData(source: ByteSource, udta: Box): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const child of udta.children ?? []) {
    if (child.children || child.damage || HARMLESS.has(child.type)) continue;
    if (['free', 'skip', 'uuid'].includes(child.type)) continue;
    const content = await contentOf(source, child);
    if (child.type === 'XMP_') findings.push(...xmpFindings(content, child.path));
    else if (content.some((byte) => byte !== 0))
      findings.push({ ...meaningOf(child.type), part: child.path, ...readableText(content) });
  }
  return findings;
}

/** The longest run of readable letters: tags have lengths and languages before their text. */
function readableText(content: Uint8Array): { value?: string } {
  const runs = utf8(content.subarray(0, 4096)).match(/[^\p{Cc}\ufffd]{2,}/gu) ?? [];
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  return longest ? { value: longest.slice(0, 400) } : {};
}

async function itemList(source: ByteSource, meta: Box): Promise<Finding[]> {
  const findings: Finding[] = [];
  const keys = await readKeys(source, findBox(meta.children ?? [], 'keys'));
  for (const item of findBox(meta.children ?? [], 'ilst')?.children ?? []) {
    if (item.damage) continue;
    const name = keys.get(item.type) ?? (await freeFormName(source, item)) ?? item.type;
    const data = findBox(item.children ?? [], 'data');
    // The value follows its type and its language, four bytes each.
    const value = data && (await contentOf(source, data)).subarray(8);
    const meaning = meaningOf(name);
    const text = value && meaning.betrays !== 'other-pictures' ? readableText(value) : {};
    findings.push({ ...meaning, part: item.path, ...text });
  }
  return findings;
}

/** QuickTime's keys by the number that items call them. */
async function readKeys(source: ByteSource, keys: Box | undefined): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  if (!keys) return names;
  const fields = await fieldsOf(source, keys);
  fields.take(4);
  const count = fields.u32();
  for (let i = 1; i <= count && fields.left >= 8; i++) {
    const length = fields.u32();
    fields.take(4);
    names.set(`#${i}`, utf8(fields.take(Math.max(0, Math.min(length - 8, fields.left)))));
  }
  return names;
}

/** iTunes' `----` items carry their name in a box. */
async function freeFormName(source: ByteSource, item: Box): Promise<string | undefined> {
  const name = findBox(item.children ?? [], 'name');
  return name && utf8((await contentOf(source, name)).subarray(4));
}

const XMP = 'be7acfcb97a942e89c71999491e3afac';
const C2PA = 'd8fec3d61b0e483c92975828877ec481';
const SPHERICAL = 'ffcc8263f8554a938814587a02521fdd';
const SONY = '50524f4621d24fcebb88695cfac9c740';

async function privateBox(source: ByteSource, box: Box): Promise<Finding[]> {
  const part = box.path;
  switch (box.type === 'jumb' ? C2PA : box.uuid) {
    case XMP:
      return xmpFindings(await contentOf(source, box), part);
    case C2PA: {
      const found = jumbfFindings(await contentOf(source, box), part);
      return found.length > 0 ? found : [{ betrays: 'edited', part, label: 'provenance manifest' }];
    }
    case SPHERICAL:
      return [{ betrays: 'edited', part, label: 'spherical video tags' }];
    case SONY:
      return [{ betrays: 'device', part, label: "Sony's profile of the recording" }];
    default: {
      const value = readableRuns(await contentOf(source, box));
      const label = `private box ${box.uuid ?? ''}`.trim();
      return [{ betrays: 'unknown', part, label, ...(value ? { value } : {}) }];
    }
  }
}
