import type { Finding } from '../format.ts';
import { printable, u16be } from '../still/bytes.ts';
import { isMinimalProfile } from './minimal.ts';
import { readProfile, tagText } from './profile.ts';

/** What a colour profile reveals; nothing if it is a minimal one. */
export function iccFindings(bytes: Uint8Array, part: string): Finding[] {
  if (isMinimalProfile(bytes)) return [];
  const profile = readProfile(bytes);
  if (!profile) return [{ betrays: 'unknown', part, label: 'colour profile that cannot be read' }];
  const text = (signature: string) => printable(tagText(profile.tags.get(signature)));
  const findings: Finding[] = [
    {
      betrays: 'device',
      part,
      label: 'colour profile, which names its maker or screen',
      value: text('desc'),
    },
  ];
  const makers = ['dmnd', 'dmdd', 'cprt'].map(text).filter((value) => value !== '');
  if (makers.length > 0)
    findings.push({
      betrays: 'device',
      part,
      label: 'maker of the colour profile',
      value: makers.join(', '),
    });
  const date = dateOf(profile.header);
  if (date) findings.push({ betrays: 'when', part, label: 'date of the colour profile', value: date });
  if (profile.tags.has('mmod'))
    findings.push({ betrays: 'who', part, label: 'make, model and serial number of the screen' });
  return findings;
}

/** Section 7.2.10: year to second; empty where all are zero. */
function dateOf(header: Uint8Array): string {
  const [year, month, day, hour, minute, second] = [24, 26, 28, 30, 32, 34].map((at) => u16be(header, at));
  if (year === 0) return '';
  const two = (value: number) => String(value).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)}`;
}
