import type { Finding, Format, Violation } from '../format.ts';
import { Window } from '../matroska/window.ts';
import { examine } from './examine.ts';
import { stripPackets } from './strip.ts';
import { walkPackets } from './walk.ts';

/** After this many, more of the same tell nobody anything. */
const MOST_VIOLATIONS = 1000;

/** MPEG transport streams, bare and as M2TS (ISO/IEC 13818-1, ETSI EN 300 468). */
export const mpegts: Format = {
  walk: (source) => walkPackets(new Window(source)),

  async inspect(source) {
    const findings = new Map<string, Finding>();
    for await (const { part, finding } of examine(new Window(source))) {
      if (!finding) continue;
      const key = `${finding.label}\n${finding.value ?? ''}`;
      if (findings.size < MOST_VIOLATIONS && !findings.has(key)) findings.set(key, { part, ...finding });
    }
    return [...findings.values()];
  },

  async verify(source) {
    const violations: Violation[] = [];
    for await (const { part, reason } of examine(new Window(source))) {
      violations.push({ part, reason });
      if (violations.length >= MOST_VIOLATIONS) break;
    }
    return violations;
  },

  strip: (source, sink) => stripPackets(new Window(source), sink),
};
