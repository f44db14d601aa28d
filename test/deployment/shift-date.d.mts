/** Moves what the program takes for now by so many milliseconds. */
export function shiftDate(offset: () => number): void
