import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { PlanRisk } from '../../../core/plan/plan.ts';
import { risksLeft } from '../logic/risk-order.ts';
import { timeOf } from '../state/decide.ts';
import { count, words } from '../state/preferences.ts';
import { isFilm, risk, riskOrder, risks, risksInOrder } from '../state/review.ts';
import { goToRisk, setSeen } from '../state/walk.ts';
import { CommandButton } from './command-button.tsx';
import { Icon } from './icon.tsx';
import { Thumbnail } from './thumbnail.tsx';

/** Rows made at once; a list may have a thousand. */
const PAGE = 60;

/** What deserves a look, the worst first or by time. */
export function RiskList() {
  const { lists } = words.value;
  const order = risksInOrder.value;
  const shown = useSignal(PAGE);
  const left = risksLeft(risks.value);
  // The row that is looked at must be there to be seen.
  const place = risk.value === undefined ? -1 : order.indexOf(risk.value);
  const length = Math.max(shown.value, Math.ceil((place + 1) / PAGE) * PAGE);
  if (order.length === 0) return <p class="empty">{lists.risksNone}</p>;
  return (
    <>
      <div class="list-head">
        <span class="left">
          {left === 0 ? lists.risksDone : lists.risksLeft(count(left), count(order.length))}
        </span>
        {isFilm.value && (
          <label class="field">
            <span class="unseen">{lists.sortedBy}</span>
            <select
              value={riskOrder.value}
              title={lists.sortedBy}
              onChange={(event) => {
                riskOrder.value = event.currentTarget.value as typeof riskOrder.value;
              }}
            >
              <option value="rank">{lists.byRank}</option>
              <option value="time">{lists.byTime}</option>
            </select>
          </label>
        )}
      </div>
      <ol class="rows">
        {order.slice(0, length).map((index) => (
          <RiskRow key={index} index={index} about={risks.value[index]} />
        ))}
      </ol>
      {order.length > length && (
        <button
          type="button"
          class="button more"
          onClick={() => {
            shown.value = length + PAGE;
          }}
        >
          {lists.more(count(Math.min(PAGE, order.length - length)))}
        </button>
      )}
      <div class="list-foot">
        <CommandButton id="previousRisk" />
        <CommandButton id="seen" show="both" class="primary-quiet" />
        <CommandButton id="nextRisk" />
      </div>
    </>
  );
}

function RiskRow({ index, about }: { readonly index: number; readonly about: PlanRisk }) {
  const row = useRef<HTMLLIElement>(null);
  const current = useComputed(() => risk.value === index);
  const { lists, reasons, separators } = words.value;
  const why = about.reasons
    .map((reason) => (reasons as Record<string, string>)[reason] ?? reason)
    .join(separators.list);
  useEffect(() => {
    if (current.value) row.current?.scrollIntoView({ block: 'nearest' });
  }, [current.value]);
  return (
    <li ref={row} class={`row risk ${about.seen ? 'seen' : ''}`}>
      <button
        type="button"
        class="go"
        aria-current={current.value ? 'true' : undefined}
        onClick={() => goToRisk(index)}
      >
        <Thumbnail frame={about.at} box={about.box} />
        <span class="text">
          <span class="line">
            <bdi class="time">{timeOf(about.at)}</bdi>
            <Level level={about.level} />
            {about.seen && <span class="done">{lists.seen}</span>}
          </span>
          <span class="why">
            {why}
            {!about.box && <span class="where">{` · ${lists.whole}`}</span>}
          </span>
        </span>
      </button>
      {about.seen && (
        <button
          type="button"
          class="button icon-only"
          aria-label={`${lists.unsee}: ${timeOf(about.at)}`}
          title={lists.unsee}
          onClick={() => void setSeen(index, false)}
        >
          <Icon name="undo" />
        </button>
      )}
    </li>
  );
}

/** How much a risk weighs, as three marks. */
function Level({ level }: { readonly level: number }) {
  const full = level >= 0.66 ? 3 : level >= 0.33 ? 2 : 1;
  return (
    <span class="level" aria-hidden="true">
      {[1, 2, 3].map((mark) => (
        <i key={mark} class={mark <= full ? 'full' : ''} />
      ))}
    </span>
  );
}
