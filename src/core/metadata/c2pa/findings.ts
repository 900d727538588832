import type { Finding } from '../format.ts';
import { latin1, printable } from '../still/bytes.ts';

/** The most of a manifest store that is looked through. */
const LONGEST = 8 << 20;

/**
 * What a JUMBF superbox (ISO 19566-5) reveals; most are C2PA manifest stores (C2PA specification 2.1, section 11).
 * Labels are looked for as text: nothing of the box is kept, so its tree need not be built.
 */
export function jumbfFindings(box: Uint8Array, part: string): Finding[] {
  const text = latin1(box, 0, LONGEST);
  if (!/c2pa|cai\./.test(text)) return [{ betrays: 'unknown', part, label: 'JUMBF box of an unknown kind' }];
  const findings: Finding[] = [
    withValue(
      { betrays: 'edited', part, label: 'provenance manifest (Content Credentials)' },
      /claim_generator(?:_info)?[\x60-\x7f]?.?([\w./() -]{4,120})/
        .exec(text)?.[1]
        .replace(/.claim_generator_info.*$|isignature.*$/, ''),
    ),
  ];
  if (text.includes('c2pa.signature'))
    findings.push({ betrays: 'who', part, label: 'certificate of the signer of the provenance manifest' });
  if (/c2pa\.thumbnail|c2pa\.ingredient/.test(text))
    findings.push({
      betrays: 'other-pictures',
      part,
      label: 'thumbnails or earlier versions in the provenance manifest',
    });
  const author = /"@type"\s?:\s?"(?:Person|Organization)"[^}]{0,200}?"name"\s?:\s?"([^"]{1,100})/.exec(
    text,
  )?.[1];
  if (author)
    findings.push({
      betrays: 'who',
      part,
      label: 'author named in the provenance manifest',
      value: printable(author),
    });
  return findings;
}

const withValue = (finding: Finding, value: string | undefined): Finding =>
  value ? { ...finding, value: printable(value) } : finding;
