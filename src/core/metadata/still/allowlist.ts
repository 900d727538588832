/** One line of a format's allowlist: a part that a clean file may hold. */
export interface AllowedPart<Content> {
  /** The part's name in the format's own words. */
  readonly part: string;
  /** Why a decoder needs it. */
  readonly why: string;
  /** What it may hold, for a reader. */
  readonly values: string;
  /** How often it may appear; any number of times where absent. */
  readonly atMost?: number;
  /** The same as `values`, for the machine: the reason why this content may not stay, or undefined. */
  readonly objection: (content: Content) => string | undefined;
}

/** For parts without content to judge. */
export const anything = () => undefined;
