import type { Sensitivity } from '../../detect/catalogue.ts';
import type { BetrayalCode, FailureCode, ReasonCode } from '../codes.ts';
import type { NoteCode } from '../notes.ts';
import type { Place } from '../place.ts';
import type { Topic } from '../removed.ts';
import type { Verdict } from '../verdict.ts';

export const LANGUAGES = ['en', 'fa', 'ar'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A phrase for each plural form that a language has; `{n}` stands for the number. */
export type Counted<Rule extends Intl.LDMLPluralRule = Intl.LDMLPluralRule> = Readonly<Record<Rule, string>>;

/** One thing an editor checks by eye. */
export interface CheckItem {
  readonly what: string;
  readonly how: string;
}

/** What software cannot check, in the order in which an editor goes through it. */
export const CHECKS = [
  'faces',
  'tattoos',
  'clothing',
  'shoes',
  'company',
  'plates',
  'screens',
  'reflections',
  'streetSigns',
  'shopFronts',
  'landmarks',
  'noise',
  'account',
  'original',
] as const;
export type Check = (typeof CHECKS)[number];

/**
 * Everything a report says, in one language. A missing entry, or a missing plural form, does not compile. Numbers
 * come in already written in the language's digits; times and code names already isolated from the text's direction.
 */
export interface Words<Rule extends Intl.LDMLPluralRule = Intl.LDMLPluralRule> {
  readonly language: Language;
  /** With the digits to use. */
  readonly locale: string;
  readonly direction: 'ltr' | 'rtl';
  readonly title: string;
  /** Between items of a list within a sentence. */
  readonly comma: string;
  /** Between facts in a line. No dot where a dot is a zero. */
  readonly separator: string;

  readonly verdict: Readonly<Record<Verdict, { readonly head: string; readonly text: string }>>;
  /** For a screen reader, before the verdict. */
  readonly verdictLabel: string;
  /** The same in two or three words, for the list of files. */
  readonly shortVerdict: Readonly<Record<Verdict, string>>;

  /** Sentences under the verdict. */
  readonly summary: {
    readonly facesInPhoto: Counted<Rule>;
    readonly facesInFilm: Counted<Rule>;
    readonly placesInPhoto: Counted<Rule>;
    readonly momentsInFilm: Counted<Rule>;
    readonly seen: Counted<Rule>;
    readonly remaining: Counted<Rule>;
    readonly leftVisible: Counted<Rule>;
    readonly doubtful: Counted<Rule>;
    readonly drawn: Counted<Rule>;
    readonly every: (n: string) => string;
    readonly soundKept: string;
    /** The verdict where some of several files failed. */
    readonly someFailed: Counted<Rule>;
    readonly filesDone: (done: string, total: string) => string;
    readonly nameKept: string;
  };

  readonly headings: {
    readonly files: string;
    readonly look: string;
    readonly checklist: string;
    readonly people: string;
    readonly places: string;
    readonly beyond: string;
    readonly details: string;
    readonly covered: string;
    readonly removed: string;
    readonly sound: string;
    readonly check: string;
    readonly notes: string;
    readonly moreMoments: string;
    readonly settings: string;
    readonly tools: string;
  };

  readonly file: {
    readonly numbered: (n: string) => string;
    readonly photo: string;
    readonly video: string;
    readonly size: (dimensions: string) => string;
    readonly frames: Counted<Rule>;
    readonly failed: Readonly<Record<FailureCode, string>>;
    readonly notWritten: string;
    readonly name: string;
    readonly noName: string;
    readonly fingerprint: string;
  };

  readonly look: {
    readonly howFilm: string;
    readonly howPhoto: string;
    readonly nothing: string;
    readonly reasons: Readonly<Record<ReasonCode, string>>;
    readonly places: Readonly<Record<Place, string>>;
    readonly wholePicture: string;
    readonly nearby: Counted<Rule>;
    readonly levels: { readonly high: string; readonly medium: string; readonly low: string };
    readonly span: (from: string, to: string) => string;
    readonly photoFrame: (n: string) => string;
    readonly lookedAt: (what: string) => string;
    readonly more: Counted<Rule>;
    readonly timeline: string;
    readonly legendCovered: string;
    readonly legendRisk: string;
  };

  readonly checklist: {
    readonly intro: string;
    readonly items: Readonly<Record<Check, CheckItem>>;
    readonly voices: string;
    readonly voice: Readonly<Record<'none' | 'dropped' | 'kept' | 'mixed', string>>;
    readonly done: string;
  };

  readonly details: {
    readonly framesCovered: (covered: string, all: string) => string;
    readonly spans: string;
    readonly moreSpans: Counted<Rule>;
    readonly nothingCovered: string;
    readonly removedIntro: string;
    readonly removedNothing: string;
    readonly removedUnknown: string;
    readonly betrays: Readonly<Record<BetrayalCode, string>>;
    readonly things: Counted<Rule>;
    readonly topics: Readonly<Record<Topic, string>>;
    readonly sound: Readonly<Record<'none' | 'dropped' | 'kept', string>>;
    readonly container: string;
    readonly notChecked: string;
    readonly examined: (networks: string, examined: string, frames: string) => string;
    readonly examinedPhoto: (networks: string) => string;
    readonly rounds: Counted<Rule>;
    readonly recovered: Counted<Rule>;
    readonly leaksClosed: Counted<Rule>;
    readonly remaining: Counted<Rule>;
    readonly noneRemaining: string;
    readonly notes: Readonly<Record<NoteCode, string>>;
  };

  readonly settings: {
    readonly style: string;
    readonly styles: Readonly<Record<'blur' | 'pixelate' | 'solid', string>>;
    readonly cover: string;
    readonly covers: Readonly<Record<'head' | 'face', string>>;
    readonly audio: string;
    readonly audios: Readonly<Record<'drop' | 'keep', string>>;
    readonly sensitivity: string;
    readonly sensitivities: Readonly<Record<Sensitivity, string>>;
    readonly detector: string;
    readonly every: string;
    readonly everyAsNeeded: string;
    readonly everyNth: (n: string) => string;
    readonly codec: string;
    readonly names: string;
    readonly namesAre: Readonly<Record<'neutral' | 'kept' | 'chosen', string>>;
  };

  readonly tools: {
    readonly version: (version: string) => string;
    readonly networks: string;
    readonly name: string;
    readonly hash: string;
  };

  readonly footer: {
    readonly betraysNothing: string;
    readonly keepIt: string;
    readonly date: (date: string) => string;
  };
}
