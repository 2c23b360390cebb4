/** Runs that are compared at a time. */
export const MOST_COMPARED = 9;
