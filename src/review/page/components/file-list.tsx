import type { SessionItem } from '../../api.ts';
import { openItem } from '../state/open-item.ts';
import { percent, words } from '../state/preferences.ts';
import { results } from '../state/rendering.ts';
import { itemIndex, items } from '../state/review.ts';
import { Icon } from './icon.tsx';

/** All files of this review. */
export function FileList() {
  const { files } = words.value;
  return (
    <ul class="rows">
      {items.value.map((item) => (
        <li key={item.index} class="row">
          <button
            type="button"
            class="go"
            aria-current={item.index === itemIndex.value ? 'true' : undefined}
            onClick={() => void openItem(item.index)}
          >
            <span class="thumbnail">
              <Icon name={item.kind === 'photo' ? 'photo' : 'film'} />
            </span>
            <span class="text">
              <span class="line">
                <bdi>{files.file(item.label)}</bdi>
              </span>
              <span class="why">
                {files[item.kind]} · {statusOf(item)}
              </span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** How far an item is, in words. */
export function statusOf({ index, status, progress }: SessionItem): string {
  const { status: names } = words.value.files;
  if (results.value.get(index)?.status === 'done') return names.written;
  const name = names[status];
  return progress !== undefined && status === 'analysing' ? `${name} ${percent(progress)}` : name;
}
