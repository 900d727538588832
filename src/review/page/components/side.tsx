import { risksLeft } from '../logic/risk-order.ts';
import { count, words } from '../state/preferences.ts';
import { isFilm, items, risks, tracksHere } from '../state/review.ts';
import { type List, list } from '../state/view.ts';
import { FaceList } from './face-list.tsx';
import { FileList } from './file-list.tsx';
import { RiskList } from './risk-list.tsx';
import { VisiblePeople } from './visible-people.tsx';

const PANELS = { risks: RiskList, faces: FaceList, files: FileList } as const;

/** The lists beside the picture, and below them, always, who stays visible. */
export function Side() {
  const { landmarks, lists } = words.value;
  const tabs: { id: List; name: string; number: number }[] = [
    { id: 'risks', name: lists.risks, number: risksLeft(risks.value) },
    { id: 'faces', name: isFilm.value ? lists.faces : lists.facesPhoto, number: tracksHere.value.length },
    ...(items.value.length > 1
      ? [{ id: 'files', name: lists.files, number: items.value.length } as const]
      : []),
  ];
  const Panel = PANELS[list.value];
  return (
    <aside class="side" aria-label={landmarks.side}>
      <div class="tabs" role="tablist" aria-label={landmarks.side}>
        {tabs.map(({ id, name, number }) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`tab-${id}`}
            aria-selected={list.value === id}
            aria-controls="list"
            tabIndex={list.value === id ? 0 : -1}
            onClick={() => {
              list.value = id;
            }}
            onKeyDown={(event) => onTabKey(event, tabs)}
          >
            {name} <span class="number">{count(number)}</span>
          </button>
        ))}
      </div>
      <div class="panel" role="tabpanel" id="list" aria-labelledby={`tab-${list.value}`}>
        <Panel />
      </div>
      <VisiblePeople />
    </aside>
  );
}

/** Arrows go through the tabs, as tabs do; in the direction that they lie on the screen. */
function onTabKey(event: KeyboardEvent, tabs: readonly { id: List }[]): void {
  const forward = document.documentElement.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
  const back = document.documentElement.dir === 'rtl' ? 'ArrowRight' : 'ArrowLeft';
  const step = event.key === forward ? 1 : event.key === back ? -1 : 0;
  if (step === 0) return;
  event.preventDefault();
  const at = tabs.findIndex(({ id }) => id === list.value);
  const { id } = tabs[(at + step + tabs.length) % tabs.length];
  list.value = id;
  document.getElementById(`tab-${id}`)?.focus();
}
