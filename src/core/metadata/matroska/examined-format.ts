import { type Limits, USUAL_LIMITS } from '../../limits.ts';
import type { ByteSink, ByteSource } from '../byte-source.ts';
import type { Finding, Format, Part, StripResult, Violation } from '../format.ts';
import { Window } from '../window.ts';

/** After this many, more of the same tell nobody anything. */
const MOST_VIOLATIONS = 1000;

/** What one pass over a film says of a part that is not allowed, and what that part reveals, if anything. */
interface Examined {
  readonly part: string;
  readonly reason: string;
  readonly finding?: Omit<Finding, 'part'> | undefined;
}

/** A film format of which one examination serves both `inspect` and `verify`. */
export function examinedFormat(of: {
  readonly walk: (window: Window) => Promise<Part[]>;
  readonly examine: (window: Window) => AsyncIterable<Examined>;
  readonly strip: (window: Window, sink: ByteSink, limits: Limits) => Promise<StripResult>;
}): Format {
  return {
    walk: (source) => of.walk(new Window(source)),

    async inspect(source: ByteSource) {
      const findings = new Map<string, Finding>();
      for await (const { part, finding } of of.examine(new Window(source))) {
        if (!finding) continue;
        // Every frame may say the same: once is enough.
        const key = `${finding.label}\n${finding.value ?? ''}`;
        if (findings.size < MOST_VIOLATIONS && !findings.has(key)) findings.set(key, { part, ...finding });
      }
      return [...findings.values()];
    },

    async verify(source: ByteSource) {
      const violations: Violation[] = [];
      for await (const { part, reason } of of.examine(new Window(source))) {
        violations.push({ part, reason });
        if (violations.length >= MOST_VIOLATIONS) break;
      }
      return violations;
    },

    strip: (source, sink, limits = USUAL_LIMITS) => of.strip(new Window(source), sink, limits),
  };
}
