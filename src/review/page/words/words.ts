import type { en } from './en.ts';

type Widened<T> = T extends string
  ? string
  : T extends (...values: infer V) => string
    ? (...values: V) => string
    : { readonly [K in keyof T]: Widened<T[K]> };

/** Everything the page says. Values go in already written with the language's own digits. */
export type Words = Widened<typeof en>;
