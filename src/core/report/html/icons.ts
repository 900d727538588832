import type { TONES } from '../verdict.ts';
import { html, type Markup } from './markup.ts';

type Tone = (typeof TONES)[keyof typeof TONES];

/** A shape for each tone, so that colour is never the only sign. Decoration beside words that say the same. */
export const TONE_ICONS: Readonly<Record<Tone, Markup>> = {
  stop: html`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" d="M8 2.5h8L21.5 8v8L16 21.5H8L2.5 16V8z"/><path stroke="currentColor" stroke-width="2.4" stroke-linecap="round" d="M12 7.2v5.8M12 16.8v.01"/></svg>`,
  look: html`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" d="M1.8 12S5.5 5 12 5s10.2 7 10.2 7-3.7 7-10.2 7S1.8 12 1.8 12z"/><circle cx="12" cy="12" r="3.2" fill="currentColor"/></svg>`,
  calm: html`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><circle cx="12" cy="12" r="9.5" fill="none" stroke="currentColor" stroke-width="2"/><path fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round" d="m7.5 12.3 3.1 3.1 5.9-6.5"/></svg>`,
};
