/** What is being done to one file, and how far it has come. */
export interface Progress {
  readonly phase: 'analyse' | 'look-again' | 'second-opinion' | 'render' | 'check';
  /** Frames done. */
  readonly done: number;
  /** Frames in all, where known. */
  readonly total: number | undefined;
}
export type OnProgress = (progress: Progress) => void;
/** Takes what a user should know while the work goes on, in plain words. */
export type OnNote = (note: string) => void;
