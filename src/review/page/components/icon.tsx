/** Drawn on 24 x 24, by strokes of one width. */
const PATHS = {
  play: 'M8 5v14l11-7z',
  pause: 'M8 5v14M16 5v14',
  'step-back': 'M15 6l-7 6 7 6M6 6v12',
  'step-forward': 'M9 6l7 6-7 6M18 6v12',
  'previous-cut': 'M12 6l-6 6 6 6M19 6l-6 6 6 6',
  'next-cut': 'M12 6l6 6-6 6M5 6l6 6-6 6',
  'next-risk': 'M12 4v12M7 11l5 5 5-5M5 20h14',
  'previous-risk': 'M12 20V8M7 13l5-5 5 5M5 4h14',
  check: 'M5 13l5 5L20 7',
  watch: 'M4 6v12M20 6v12M9 8v8l7-4z',
  eye: 'M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zM12 9a3 3 0 100 6 3 3 0 000-6z',
  covered: 'M12 3c4 0 7 3 7 8s-3 10-7 10-7-5-7-10 3-8 7-8zM6 15L15 4M8 19L19 7',
  'cover-all':
    'M7 4a4 4 0 014 4c0 3-2 6-4 6s-4-3-4-6a4 4 0 014-4zM17 4a4 4 0 014 4c0 3-2 6-4 6s-4-3-4-6a4 4 0 014-4zM3 19h18M4 11l5-6M14 11l5-6',
  from: 'M6 4v16M6 4h4M6 20h4M12 12h8M17 9l3 3-3 3',
  to: 'M18 4v16M18 4h-4M18 20h-4M4 12h8M7 9l-3 3 3 3',
  grow: 'M12 8v8M8 12h8M4 8V4h4M20 8V4h-4M4 16v4h4M20 16v4h-4',
  shrink: 'M8 12h8M4 8V4h4M20 8V4h-4M4 16v4h4M20 16v4h-4',
  split: 'M12 3v18M9 8H4v8h5M15 8h5v8h-5',
  join: 'M4 8h16v8H4zM9 12h6',
  pointer: 'M6 3l12 10-6 1-3 6z',
  ellipse: 'M12 5c5 0 9 3 9 7s-4 7-9 7-9-3-9-7 4-7 9-7z',
  rectangle: 'M4 6h16v12H4z',
  polygon: 'M5 8l8-4 7 6-3 9-11 1z',
  follow: 'M4 17c3 0 3-9 7-9s4 5 8 5M16 10l3 3-3 3M4 17a1 1 0 100 .1',
  redraw: 'M4 20l1-5L16 4l4 4L9 19zM13 7l4 4',
  remove: 'M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13',
  masks: 'M4 5h16v14H4zM12 8c2 0 3 2 3 4s-1 4-3 4-3-2-3-4 1-4 3-4z',
  'zoom-in': 'M10 4a6 6 0 100 12 6 6 0 000-12zM15 15l5 5M10 7v6M7 10h6',
  'zoom-out': 'M10 4a6 6 0 100 12 6 6 0 000-12zM15 15l5 5M7 10h6',
  fit: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  'zoom-chosen': 'M4 8V4h4M20 8V4h-4M4 16v4h4M20 16v4h-4M9 9h6v6H9z',
  left: 'M14 6l-6 6 6 6',
  right: 'M10 6l6 6-6 6',
  up: 'M6 14l6-6 6 6',
  down: 'M6 10l6 6 6-6',
  undo: 'M9 5L4 10l5 5M4 10h10a6 6 0 010 12h-3',
  redo: 'M15 5l5 5-5 5M20 10H10a6 6 0 000 12h3',
  previous: 'M15 5l-7 7 7 7',
  next: 'M9 5l7 7-7 7',
  finish: 'M4 12l5 5L20 6',
  help: 'M9 9a3 3 0 116 0c0 2-3 2-3 5M12 18v.5',
  settings: 'M4 7h9M17 7h3M15 5v4M4 17h3M11 17h9M9 15v4',
  close: 'M6 6l12 12M18 6L6 18',
  warning: 'M12 4l9 16H3zM12 10v5M12 17.5v.5',
  photo: 'M4 5h16v14H4zM4 16l5-5 5 5 2-2 4 4M15 9.5v.1',
  film: 'M4 5h16v14H4zM8 5v14M16 5v14M4 12h16',
} as const;

export type IconName = keyof typeof PATHS;

/** Turned round where text runs from right to left. Playback is not: time runs to the right everywhere. */
const TURNS: readonly IconName[] = ['undo', 'redo', 'previous', 'next'];

/** A picture beside a name; screen readers pass over it. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg
      class={TURNS.includes(name) ? 'icon turns' : 'icon'}
      viewBox="0 0 24 24"
      width="20"
      height="20"
      aria-hidden="true"
      focusable="false"
    >
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.8"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
