import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../src/core/metadata/format.ts';
import type { SampleTable } from '../../../src/core/metadata/isobmff/sample-table.ts';
import { BETRAYAL_CODES } from '../../../src/core/report/codes.ts';
import { frameTimes } from '../../../src/core/report/frame-times.ts';
import { htmlReport } from '../../../src/core/report/html.ts';
import { fileReport } from '../../../src/core/report/make-report.ts';
import { momentsIn } from '../../../src/core/report/moments.ts';
import { placeOf } from '../../../src/core/report/place.ts';
import { removedByKind } from '../../../src/core/report/removed.ts';
import { parseReport } from '../../../src/core/report/report.ts';
import { verdictOf, verdictOfAll } from '../../../src/core/report/verdict.ts';
import { LANGUAGES } from '../../../src/core/report/words/words.ts';
import { calmPhoto, film, reportOn } from '../../support/reports.ts';

/** Letters that no word of a report holds together, with anything around them. */
const MARK = 'Qzxj';
const telling = fc
  .tuple(
    fc.string(),
    fc.constantFrom('', 'GPS position ', 'thumbnail ', 'name ', 'the sound was kept'),
    fc.string(),
  )
  .map(([before, words, after]) => `${before}${words}${MARK}${after}`);
const finding: fc.Arbitrary<Finding> = fc.record({
  betrays: fc.constantFrom(...BETRAYAL_CODES),
  part: telling,
  label: telling,
  value: telling,
});

describe('a report betrays nothing', () => {
  test('no text of the original gets in, wherever it comes from: findings, warnings, a plan’s reasons, a name', () => {
    const photo = calmPhoto();
    const risk = { from: 0, to: 1, at: 0, level: 0.5 };
    fc.assert(
      fc.property(
        fc.array(finding, { minLength: 1 }),
        fc.array(telling),
        fc.array(telling, { minLength: 1 }),
        telling,
        fc.boolean(),
        (findings, warnings, reasons, outputName, nameKept) => {
          const plan = { ...photo.plan, risks: [{ ...risk, reasons }] };
          const report = reportOn({ ...photo, plan, findings, warnings, outputName, nameKept });
          expect(JSON.stringify(report)).not.toContain(MARK);
          for (const language of LANGUAGES) expect(htmlReport(report, language)).not.toContain(MARK);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('a field that is not of a report’s shape is refused, whatever is in it', () => {
    const report = reportOn(calmPhoto());
    expect(parseReport(JSON.parse(JSON.stringify(report)))).toEqual(report);
    expect(() => parseReport({ ...report, host: 'x' })).toThrow();
    expect(() => parseReport({ ...report, files: [{ ...report.files[0], input: 'x' }] })).toThrow();
    expect(() => parseReport({ ...report, files: [{ ...report.files[0], name: 'maryam.jpg' }] })).toThrow();
    expect(() => parseReport({ ...report, date: '2022-10-01T12:00:00+03:30' })).toThrow();
  });

  test('a name is told only where Sayeh made it up', () => {
    const named = (outputName: string) => fileReport({ ...calmPhoto(), outputName }).name;
    expect(named('sayeh-0123456789ab.jpg')).toBe('sayeh-0123456789ab.jpg');
    expect(named('sayeh-maryam.jpg')).toBeUndefined();
    expect(named('march.jpg')).toBeUndefined();
  });

  test('there is no date unless one is given', () => {
    const report = reportOn(film(2));
    expect(htmlReport(report, 'en')).not.toContain('UTC');
    expect(htmlReport({ ...report, date: '2026-11-26' }, 'en')).toContain('2026-11-26');
    expect(JSON.stringify(report)).not.toMatch(/\d{4}-\d\d-\d\d/);
  });
});

test('the page runs nothing and loads nothing', () => {
  const page = htmlReport(reportOn(film(42), calmPhoto(), null), 'fa');
  expect(page).toContain(
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'`,
  );
  expect(page).not.toMatch(/<script|<img|<link|<iframe|<form|javascript:|url\(|@import|\son\w+=/i);
  expect(page).not.toMatch(/(src|href|action)="(?!#)/);
  expect(page).not.toMatch(/https?:/);
});

test('what was removed is said by kind, without the folder it lay in, and without what was kept', () => {
  const found = (betrays: Finding['betrays'], label: string, part = 'APP1'): Finding => ({
    betrays,
    part,
    label,
  });
  const findings = [
    found('when', 'GPS date and time'),
    found('when', 'time zone'),
    found('where', 'GPS position'),
    found('where', 'GPS position', 'APP1[1]'),
    found('who', 'camera serial number'),
    found('unknown', 'the name of the folder', 'folder'),
    found('device', 'a name as phones and cameras give it', 'file name'),
    found('sound', 'a second track of sound'),
  ];
  expect(removedByKind(findings, { name: false, sound: false })).toEqual([
    { kind: 'who', count: 1, topics: ['serial-numbers'] },
    { kind: 'where', count: 2, topics: ['position'] },
    { kind: 'when', count: 2, topics: ['dates', 'time-zone'] },
    { kind: 'device', count: 1, topics: ['original-name'] },
    { kind: 'sound', count: 1, topics: [] },
  ]);
  const kinds = removedByKind(findings, { name: true, sound: true }).map(({ kind }) => kind);
  expect(kinds).toEqual(['who', 'where', 'when']);
});

test('times are those of the written film, not of an even beat', () => {
  // Two frames a tenth apart, two a second apart, with one shown before the one decoded ahead of it.
  const table = {
    count: 4,
    durations: { counts: Uint32Array.of(2, 2), values: Float64Array.of(100, 1000) },
    delays: { counts: Uint32Array.of(1, 1, 1, 1), values: Float64Array.of(100, 1200, 0, 100) },
  } as unknown as SampleTable;
  expect([...frameTimes(table, 1000)]).toEqual([0, 0.1, 1.2, 1.2].map((time) => expect.closeTo(time, 9)));

  const { plan, ...facts } = film(1, 0);
  const short = {
    ...plan,
    film: { ...plan.film, frames: 4, frameRate: 2 },
    tracks: [],
    risks: [{ from: 1, to: 4, at: 3, level: 0.7, reasons: ['dark'] }],
  };
  const check = { ...facts.check!, remaining: 0 };
  const uneven = fileReport({ ...facts, check, plan: short, times: Float64Array.of(0, 0.1, 1.1, 7) });
  expect(uneven.risks[0]).toMatchObject({ start: 0.1, end: 7.5, time: 7, reasons: ['dark'] });
  expect(uneven.duration).toBe(7.5);
  // Times of another film are worse than none.
  const even = fileReport({ ...facts, check, plan: short, times: Float64Array.of(0, 9) });
  expect(even.risks[0]).toMatchObject({ start: 0.5, end: 2, time: 1.5 });
});

test('what the check saw to the last is told from what it had covered', () => {
  const facts = film(1, 3);
  const byCheck = { from: 10, to: 20, at: 15, level: 0.5, reasons: ['found in the written file'] };
  const report = fileReport({ ...facts, plan: { ...facts.plan, risks: [byCheck, ...facts.plan.risks] } });
  expect(report.risks.map(({ reasons }) => reasons[0]).slice(0, 1)).toEqual(['still-visible']);
  expect(report.risks.filter(({ reasons }) => reasons.includes('still-visible'))).toHaveLength(1);
  expect(report.risks.filter(({ reasons }) => reasons.includes('found-by-check'))).toHaveLength(1);
});

test('the verdict is the worst of all that is known', () => {
  const verdict = (change: Partial<ReturnType<typeof film>>) =>
    verdictOf(fileReport({ ...calmPhoto(), ...change }));
  const { plan, check } = calmPhoto();
  const risk = { from: 0, to: 1, at: 0, level: 0.2, reasons: ['dark'] };
  expect(verdict({})).toBe('clear');
  expect(verdict({ plan: { ...plan, risks: [risk] } })).toBe('look');
  expect(verdict({ plan: { ...plan, risks: [{ ...risk, seen: true }] } })).toBe('clear');
  expect(verdict({ sound: 'kept' })).toBe('look');
  expect(verdict({ plan: { ...plan, analysis: { ...plan.analysis, every: 5 } } })).toBe('look');
  expect(
    verdict({ plan: { ...plan, tracks: [{ ...plan.tracks[0], decision: 'keep' }, plan.tracks[1]] } }),
  ).toBe('look');
  expect(verdict({ plan: { ...plan, tracks: [] } })).toBe('nothing-found');
  expect(verdict({ check: { ...check!, remaining: 1 } })).toBe('still-visible');
  expect(verdictOfAll(reportOn(calmPhoto(), film(1)))).toBe('still-visible');
  expect(verdictOfAll(reportOn(calmPhoto(), film(1), null))).toBe('failed');
});

test('covered stretches are joined, and what a person has seen is not asked for again', () => {
  const facts = film(1, 4);
  const [first] = facts.plan.tracks;
  const at = (from: number, length: number) => ({
    ...first,
    from,
    boxes: Array(length).fill(first.boxes[0]),
  });
  const tracks = [at(50, 10), at(0, 20), at(15, 10), at(25, 5)];
  const { covered } = fileReport({ ...facts, plan: { ...facts.plan, tracks } });
  expect(covered.spans.map(({ from, to }) => [from, to])).toEqual([
    [0, 30],
    [50, 60],
  ]);
  const seen = facts.plan.risks.map((risk) => ({ ...risk, seen: true as const }));
  expect(momentsIn(fileReport({ ...facts, plan: { ...facts.plan, risks: seen } }))).toEqual([]);
});

test('a list of risks that a plan had to cut says so', () => {
  const said = 'There is more to look at than this list holds.';
  expect(htmlReport(reportOn(film(42, 998)), 'en')).not.toContain(said);
  expect(htmlReport(reportOn(film(42, 999)), 'en')).toContain(said);
});

test('places are named as one points at them', () => {
  const picture = { width: 300, height: 150 };
  expect(placeOf({ x: -40, y: -9, width: 60, height: 30 }, picture)).toBe('top-left');
  expect(placeOf({ x: 140, y: 70, width: 20, height: 10 }, picture)).toBe('centre');
  expect(placeOf({ x: 290, y: 140, width: 60, height: 60 }, picture)).toBe('bottom-right');
});
