import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { words } from '../state/preferences.ts';
import { dialog } from '../state/status.ts';
import { playing } from '../state/view.ts';
import { Icon } from './icon.tsx';
import { LiveRegion } from './live-region.tsx';

/** A dialog of the browser's own: it keeps the focus, gives it to `data-first`, closes with Escape and gives the focus back. */
export function Modal({
  title,
  wide = false,
  children,
}: {
  readonly title: string;
  readonly wide?: boolean;
  readonly children: ComponentChildren;
}) {
  const element = useRef<HTMLDialogElement>(null);
  // Before the browser paints, so that a key pressed right after the one that opened it is not lost.
  useLayoutEffect(() => {
    playing.value = false;
    const before = document.activeElement;
    element.current!.showModal();
    element.current!.querySelector<HTMLElement>('[data-first]')?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const close = () => {
    dialog.value = undefined;
  };
  return (
    <dialog ref={element} class={wide ? 'wide' : ''} aria-labelledby="dialog-title" onClose={close}>
      <div class="head">
        <h2 id="dialog-title">{title}</h2>
        <button type="button" class="button icon-only" aria-label={words.value.help.close} onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: keys must be able to scroll it */}
      <div class="body" tabIndex={0}>
        {children}
      </div>
      <LiveRegion />
    </dialog>
  );
}
