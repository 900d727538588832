import { words } from '../state/preferences.ts';
import { isFilm, item, review } from '../state/review.ts';
import { connection, dialog } from '../state/status.ts';
import { statusOf } from './file-list.tsx';
import { FinishDialog } from './finish-dialog.tsx';
import { HelpDialog } from './help-dialog.tsx';
import { LiveRegion } from './live-region.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { SettingsDialog } from './settings-dialog.tsx';
import { Side } from './side.tsx';
import { Stage } from './stage.tsx';
import { Timeline } from './timeline.tsx';
import { TopBar } from './top-bar.tsx';
import { Transport } from './transport.tsx';

/** The whole page. */
export function App() {
  const { landmarks, said, connection: told } = words.value;
  switch (connection.value) {
    case 'opening':
      return <Notice text={said.loading} />;
    case 'no-token':
      return <Notice text={told.noToken} />;
    case 'closed':
      return <Notice text={told.closed} />;
  }
  const film = review.value !== undefined && isFilm.value;
  return (
    <>
      <a class="skip" href="#picture">
        {landmarks.skip}
      </a>
      <TopBar />
      {connection.value === 'lost' && (
        <p class="lost" role="alert">
          {told.lost}{' '}
          <button type="button" class="button" onClick={() => location.reload()}>
            {told.again}
          </button>
        </p>
      )}
      <main class={film ? 'film' : 'photo'}>
        <div class="work">
          {review.value ? <Stage /> : <Waiting />}
          {review.value && <SelectionBar />}
        </div>
        <Side />
        {film && (
          <div class="below">
            <Transport />
            <Timeline />
          </div>
        )}
      </main>
      {dialog.value === undefined && <LiveRegion />}
      {dialog.value === 'help' && <HelpDialog />}
      {dialog.value === 'settings' && <SettingsDialog />}
      {dialog.value === 'finish' && <FinishDialog />}
    </>
  );
}

/** One sentence and nothing to do. */
function Notice({ text }: { readonly text: string }) {
  return (
    <main class="alone">
      <h1>{words.value.app.name}</h1>
      <p role="status">{text}</p>
    </main>
  );
}

/** In place of the picture of a file that is not ready. */
function Waiting() {
  const now = item.value;
  const { files, said } = words.value;
  return (
    <section class="stage waiting" id="picture" tabIndex={-1} aria-label={words.value.landmarks.picture}>
      {now && (
        <div role="status">
          <p>
            {now.status === 'failed' ? said.failed(now.label) : `${files.file(now.label)}: ${statusOf(now)}`}
          </p>
          {now.error && <p dir="auto">{now.error}</p>}
          {now.status !== 'failed' && (
            <progress
              aria-label={statusOf(now)}
              {...(now.progress === undefined ? {} : { value: now.progress, max: 1 })}
            />
          )}
        </div>
      )}
    </section>
  );
}
