import type { PictureCheck } from '../../../core/check/picture-check.ts';
import type { SessionItem } from '../../api.ts';
import { secondsLeft } from '../logic/summary.ts';
import { count, percent, shortClock, words } from '../state/preferences.ts';
import { type Rendering, renderings, results, stopRendering } from '../state/rendering.ts';
import { Icon } from './icon.tsx';

/** One file on its way to the disk, or what came of it. */
export function FinishedFile({
  item,
  onReport,
}: {
  readonly item: SessionItem;
  readonly onReport: () => void;
}) {
  const { files, finish } = words.value;
  const { index, label } = item;
  const now = renderings.value.get(index);
  const result = results.value.get(index);
  return (
    <section class="run" aria-label={files.file(label)}>
      <h3>
        <bdi>{files.file(label)}</bdi>
      </h3>
      {now && <Progress index={index} now={now} />}
      {!now && result?.status === 'done' && (
        <>
          <p class="good">
            <Icon name="check" />
            <span>
              {finish.done}: <bdi dir="ltr">{result.name}</bdi>. {finish.checkPassed}
            </span>
          </p>
          <Check about={result.check} />
          {result.warnings.length > 0 && (
            <ul>
              {result.warnings.map((warning) => (
                <li key={warning} dir="auto">
                  {warning}
                </li>
              ))}
            </ul>
          )}
          <button type="button" class="button" onClick={onReport}>
            {finish.showReport}
          </button>
        </>
      )}
      {!now && result?.status === 'stopped' && <p>{finish.stopped}</p>}
      {!now && result?.status === 'failed' && (
        <p class="alarm">
          <Icon name="warning" />
          <span>
            {result.code === 'check-failed' ? finish.checkFailed : finish.failed}{' '}
            <bdi dir="auto">{result.message}</bdi>
          </span>
        </p>
      )}
    </section>
  );
}

/** What looking for people in the written file came to. */
function Check({ about }: { readonly about: PictureCheck }) {
  const { finish } = words.value;
  const mended = about.recovered + about.leaksClosed;
  return (
    <>
      <p>{finish.checkExamined(count(about.examined), count(about.frames))}</p>
      {mended > 0 && <p>{finish.checkMended(count(mended))}</p>}
      {about.remaining > 0 && (
        <p class="doubt">
          <Icon name="warning" />
          <span>{finish.checkRemaining(count(about.remaining))}</span>
        </p>
      )}
    </>
  );
}

function Progress({ index, now }: { readonly index: number; readonly now: Rendering }) {
  const { finish } = words.value;
  const { phase, share, since } = now;
  const name = phase === 'waiting' ? finish.waiting : finish.phases[phase];
  const left = secondsLeft(share, (performance.now() - since) / 1000);
  return (
    <div class="progress">
      <span>{name}</span>
      <progress
        aria-label={name}
        {...(share === undefined || phase === 'waiting' ? {} : { value: share, max: 1 })}
      />
      <span class="time">
        {share !== undefined && phase !== 'waiting' && finish.progress(percent(share))}
        {left !== undefined && ` · ${finish.left(shortClock(left))}`}
      </span>
      <button type="button" class="button" onClick={() => stopRendering(index)}>
        {finish.stop}
      </button>
    </div>
  );
}
