/** Cuts a stream of text into lines; what has no end yet waits for the next piece. */
export class Lines {
  #rest = '';

  push(text: string): string[] {
    const parts = (this.#rest + text).split('\n');
    this.#rest = parts.pop() ?? '';
    return parts.filter((line) => line.trim() !== '');
  }
}
