import { exifFindings } from '../exif/findings.ts';
import type { Betrays, Finding } from '../format.ts';
import { iccFindings } from '../icc/findings.ts';
import { latin1, printable, u16be } from '../still/bytes.ts';
import { xmpFindings } from '../xmp/findings.ts';
import { imageResources } from './photoshop.ts';

const row = (betrays: Betrays, label: string, ...numbers: number[]) =>
  numbers.map((number) => [number, { betrays, label }] as const);

/** Datasets of record 2 (IPTC Information Interchange Model 4.2, chapter 6). */
const DATASETS: ReadonlyMap<number, { betrays: Betrays; label: string }> = new Map([
  ...row('who', 'author, credit or copyright (IPTC)', 80, 85, 110, 115, 116, 118, 122),
  ...row('who', 'title, caption or keywords (IPTC)', 5, 25, 105, 120, 40),
  ...row('where', 'place name (IPTC)', 26, 27, 90, 92, 95, 100, 101),
  ...row('when', 'date (IPTC)', 30, 35, 37, 38, 55, 60, 62, 63),
  ...row('edited', 'software (IPTC)', 65, 70, 22, 103),
]);

/** What IPTC datasets reveal: each is 0x1C, record, number, length, value. */
export function iptcFindings(bytes: Uint8Array, part: string): Finding[] {
  const values = new Map<string, { betrays: Betrays; values: string[] }>();
  let at = 0;
  while (at + 5 <= bytes.length && bytes[at] === 0x1c) {
    const length = u16be(bytes, at + 3);
    const meaning = bytes[at + 1] === 2 ? DATASETS.get(bytes[at + 2]) : undefined;
    if (meaning) {
      const known = values.get(meaning.label) ?? { betrays: meaning.betrays, values: [] };
      values.set(meaning.label, known);
      if (known.values.length < 16)
        known.values.push(printable(new TextDecoder().decode(bytes.subarray(at + 5, at + 5 + length))));
    }
    at += 5 + length;
  }
  const findings: Finding[] = [{ betrays: 'edited', part, label: 'IPTC block' }];
  for (const [label, known] of values)
    findings.push({ betrays: known.betrays, part, label, value: known.values.join(', ') });
  return findings;
}

/** What a Photoshop block reveals; resource numbers from "Photoshop File Formats". */
export async function photoshopFindings(bytes: Uint8Array, part: string): Promise<Finding[]> {
  const findings: Finding[] = [{ betrays: 'edited', part, label: 'Photoshop block' }];
  for (const { id, data } of imageResources(bytes).slice(0, 500)) {
    if (id === 1028) findings.push(...iptcFindings(data, part));
    else if (id === 1033 || id === 1036)
      findings.push({ betrays: 'other-pictures', part, label: 'thumbnail (Photoshop)' });
    else if (id === 1039) findings.push(...iccFindings(data, part));
    else if (id === 1058 || id === 1059) findings.push(...(await exifFindings(data, part)));
    else if (id === 1060) findings.push(...xmpFindings(data, part));
    else if (id === 1035)
      findings.push({
        betrays: 'who',
        part,
        label: 'address (Photoshop)',
        value: printable(latin1(data, 0, 400)),
      });
  }
  return findings;
}
