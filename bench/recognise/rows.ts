import { fixed, type Table } from '../table.ts';
import type { Row, Score } from './attack.ts';

/** All attacks on one set of people as a table: right names, bold where guesses seldom reach as many. */
export function tableOf(caption: string, rows: readonly Row[]): Table {
  const sizes = [...new Set(rows.flatMap(({ scores }) => scores.map(({ gallery }) => gallery)))];
  const cells = (score: Score | undefined) => {
    if (!score) return ['', ''];
    const { first, of, ten, chance } = score;
    const right = `${first} of ${of}`;
    return [first > chance[1] ? `**${right}**` : right, String(ten)];
  };
  const any = (size: number) =>
    rows.flatMap(({ scores }) => scores).find(({ gallery }) => gallery === size) as Score;
  const chances = sizes.map((size) => {
    const { of, chance } = any(size);
    const [low, high] = chance;
    return `${size} people, ${of} faces shown: ${fixed(of / size)} right (95 % of trials: ${low} to ${high}), ${fixed(of * Math.min(1, 10 / size))} among the ten nearest`;
  });
  return {
    caption: `${caption} By chance, in a gallery of ${chances.join('; of ')}. Bold: more right than that.`,
    rows: [
      ['cover', 'attack', ...sizes.flatMap((size) => [`right of ${size}`, 'among ten'])],
      ...rows.map(({ covering, attack, scores }) => [
        covering,
        attack,
        ...sizes.flatMap((size) => cells(scores.find(({ gallery }) => gallery === size))),
      ]),
    ],
  };
}
