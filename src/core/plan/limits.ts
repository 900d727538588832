/** Corners of a drawn polygon at most. */
export const MOST_CORNERS = 200;
/** A cover is at most so many times its usual size. */
export const MOST_GROWTH = 4;
