/** Wider tables are not filled up to what spans in them, so that the output stays linear in the input. */
export const FILL_LIMIT = 60

interface Cell {
  colspan: number
  rowspan: number
}

/** Keeps the cells of a table in their columns: one that spans columns or rows leaves empty ones beside or below it. */
export class Spans {
  /** In how many more rows each column is taken by a cell from above. */
  readonly #taken: number[] = []

  /** Puts a cell at the next free column of a row. */
  place(row: string[], content: string, { colspan, rowspan }: Cell): void {
    this.#skipTaken(row)
    const start = row.length
    row.push(content)
    const end = Math.min(start + colspan, FILL_LIMIT)
    while (row.length < end) row.push('')
    for (let column = start; rowspan > 1 && column < end; column++) this.#taken[column] = rowspan - 1
  }

  /** Ends a row of this many cells. */
  endRow(length: number): void {
    for (let column = length; column < this.#taken.length; column++) {
      const left = this.#taken[column] ?? 0
      if (left > 0) this.#taken[column] = left - 1
    }
  }

  #skipTaken(row: string[]): void {
    for (let left = this.#taken[row.length]; left; left = this.#taken[row.length]) {
      this.#taken[row.length] = left - 1
      row.push('')
    }
  }
}
