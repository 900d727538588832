/** What JSON can say; a key whose value is undefined is left out, as JSON.stringify does. */
export type Json = unknown;

/** Arrays of so many numbers or fewer, such as boxes, are made into text at once. */
const SHORT = 16;

/**
 * The text of JSON.stringify(value) in pieces, for values whose text would be too long for one string: the plan of
 * a long film. Values are plain objects, arrays, strings, numbers, booleans and null, and never undefined in arrays.
 */
export function* jsonPieces(value: Json): Generator<string> {
  if (Array.isArray(value)) {
    if (value.length <= SHORT && value.every((item) => typeof item === 'number')) {
      yield JSON.stringify(value);
      return;
    }
    let before = '[';
    for (const item of value) {
      yield before;
      yield* jsonPieces(item);
      before = ',';
    }
    yield value.length === 0 ? '[]' : ']';
  } else if (typeof value === 'object' && value !== null) {
    let before = '{';
    for (const [key, item] of Object.entries(value)) {
      if (item === undefined) continue;
      yield `${before}${JSON.stringify(key)}:`;
      yield* jsonPieces(item);
      before = ',';
    }
    yield before === '{' ? '{}' : '}';
  } else yield JSON.stringify(value);
}
