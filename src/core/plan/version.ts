/** Bumped when a reader of the old shape would go wrong with the new one. */
export const PLAN_VERSION = 1;
