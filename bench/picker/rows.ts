/** How many rows the picker has. */
export const ROWS = 10_000
