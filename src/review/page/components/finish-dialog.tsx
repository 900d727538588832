import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PlanAnswer } from '../../api.ts';
import { type Summary, summarise } from '../logic/summary.ts';
import { getJson } from '../state/client.ts';
import { closeReview } from '../state/closing.ts';
import { count, words } from '../state/preferences.ts';
import { renderItems, renderings, results } from '../state/rendering.ts';
import { itemIndex, items, review, settings } from '../state/review.ts';
import { Choice } from './choice.tsx';
import { FinishedFile } from './finished-file.tsx';
import { Icon } from './icon.tsx';
import { Modal } from './modal.tsx';
import { ReportFrame } from './report-frame.tsx';

/** What will be written and how, its progress, what came of it, and the report. */
export function FinishDialog() {
  const { finish } = words.value;
  const report = useSignal<number | undefined>(undefined);
  if (report.value !== undefined) {
    return (
      <Modal title={finish.report} wide>
        <ReportFrame item={report.value} />
        <p class="buttons">
          <button
            type="button"
            class="button"
            onClick={() => {
              report.value = undefined;
            }}
          >
            <Icon name="previous" />
            {finish.title}
          </button>
        </p>
      </Modal>
    );
  }
  const about = items.value.filter(({ index }) => renderings.value.has(index) || results.value.has(index));
  return (
    <Modal title={finish.title}>
      <WhatIsWritten />
      <Settings />
      <Buttons />
      {about.map((item) => (
        <FinishedFile
          key={item.index}
          item={item}
          onReport={() => {
            report.value = item.index;
          }}
        />
      ))}
      <p class="note">{finish.nothingLeaves}</p>
    </Modal>
  );
}

/** Counts of all files together; those that are not open are asked for. */
function WhatIsWritten() {
  const { finish } = words.value;
  const others = useSignal<readonly Summary[]>([]);
  useEffect(() => {
    const ready = items
      .peek()
      .filter(({ index, status }) => status === 'ready' && index !== itemIndex.peek());
    void Promise.all(
      ready.map(async ({ index }) => summarise((await getJson<PlanAnswer>(`/items/${index}/plan`)).plan)),
    )
      .then((all) => {
        others.value = all;
      })
      .catch(() => {});
  }, []);
  const open = review.value && summarise(review.value.plan);
  const all = [...(open ? [open] : []), ...others.value];
  return (
    <section class="summary" aria-label={finish.summary}>
      {open && <Counts name={all.length > 1 ? finish.thisFile : undefined} of={[open]} />}
      {all.length > 1 && <Counts name={finish.allFiles} of={all} />}
    </section>
  );
}

function Counts({ name, of }: { readonly name: string | undefined; readonly of: readonly Summary[] }) {
  const { finish } = words.value;
  const sum = (key: keyof Summary) => of.reduce((total, summary) => total + summary[key], 0);
  return (
    <div class="counts-of">
      {name && <h3>{name}</h3>}
      <p>
        {finish.coveredCount(count(sum('covered')))}
        {sum('drawn') > 0 && ` · ${finish.drawnCount(count(sum('drawn')))}`}
      </p>
      <p class={sum('visible') > 0 ? 'alarm' : ''}>
        <Icon name={sum('visible') > 0 ? 'eye' : 'check'} />
        {finish.visibleWarning(count(sum('visible')))}
      </p>
      {sum('unseen') > 0 && (
        <p class="doubt">
          <Icon name="warning" />
          {finish.unseen(count(sum('unseen')))}
        </p>
      )}
    </div>
  );
}

function Settings() {
  const { finish } = words.value;
  const { style, cover, audio } = settings.value;
  const films = items.value.some(({ kind }) => kind === 'video');
  const set = (change: Partial<typeof settings.value>) => {
    settings.value = { ...settings.peek(), ...change };
  };
  const of = <T extends string>(names: Readonly<Record<T, string>>) =>
    (Object.keys(names) as T[]).map((value) => ({ value, label: names[value] }));
  return (
    <div class="choices">
      <Choice
        name="style"
        legend={finish.style}
        note={finish.styleNote}
        options={of(finish.styles)}
        value={style}
        onChange={(value) => set({ style: value })}
      />
      <Choice
        name="cover"
        legend={finish.cover}
        note={finish.coverNote}
        options={of(finish.covers)}
        value={cover}
        onChange={(value) => set({ cover: value })}
      />
      {films && (
        <Choice
          name="audio"
          legend={finish.audio}
          note={finish.audioNote}
          options={of(finish.audios)}
          value={audio}
          onChange={(value) => set({ audio: value })}
        />
      )}
    </div>
  );
}

function Buttons() {
  const { finish } = words.value;
  const ready = items.value.filter(({ status }) => status === 'ready').map(({ index }) => index);
  const busy = renderings.value.has(itemIndex.value);
  const open = ready.includes(itemIndex.value);
  return (
    <p class="buttons">
      <button
        type="button"
        class="button primary"
        id="render"
        data-first
        aria-disabled={busy || !open}
        onClick={() => {
          if (!busy && open) renderItems([itemIndex.value]);
        }}
      >
        {finish.render}
      </button>
      {ready.length > 1 && (
        <button type="button" class="button primary" onClick={() => renderItems(ready)}>
          {finish.renderAll}
        </button>
      )}
      <button type="button" class="button" onClick={() => void closeReview()}>
        {finish.close}
      </button>
    </p>
  );
}
