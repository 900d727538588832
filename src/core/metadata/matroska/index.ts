import type { Finding, Format, Violation } from '../format.ts';
import { examine } from './examine.ts';
import { stripElements } from './strip.ts';
import { walkElements } from './walk.ts';
import { Window } from './window.ts';

/** After this many, more of the same tell nobody anything. */
const MOST_VIOLATIONS = 1000;

/** Matroska and WebM (RFC 8794, RFC 9559). */
export const matroska: Format = {
  walk: (source) => walkElements(new Window(source)),

  async inspect(source) {
    const findings = new Map<string, Finding>();
    for await (const { part, finding } of examine(new Window(source))) {
      if (!finding) continue;
      // Every frame may say the same: once is enough.
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

  strip: (source, sink) => stripElements(new Window(source), sink),
};
