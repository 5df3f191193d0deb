/**
 * Wider tables are not filled up to their width, nor by what spans in them, so that the output stays linear in the input; renderers fill
 * rows up themselves.
 */
const FILL_LIMIT = 60

interface Cell {
  header: boolean
  colspan: number
  rowspan: number
}

/** Collects the cells of a table, because its columns are known only at its end. */
export class Table {
  readonly #rows: string[][] = []
  #row: string[] = []
  /** Whether the row has cells, all of them headers, and whether that is so of the first row. */
  #isHeader: boolean | undefined
  #hasHeader = false
  /** In how many more rows each column is taken by a cell from above. */
  readonly #taken: number[] = []

  startRow(): void {
    this.#row = []
    this.#isHeader = undefined
  }

  cell(content: string, { header, colspan, rowspan }: Cell): void {
    this.#skipTaken()
    const start = this.#row.length
    this.#row.push(content)
    while (this.#row.length < Math.min(start + colspan, FILL_LIMIT)) this.#row.push('')
    for (let column = start; rowspan > 1 && column < Math.min(start + colspan, FILL_LIMIT); column++) {
      this.#taken[column] = rowspan - 1
    }
    this.#isHeader = header && this.#isHeader !== false
  }

  /** Rows without any content are left out. */
  endRow(): void {
    for (let column = this.#row.length; column < this.#taken.length; column++) {
      const left = this.#taken[column] ?? 0
      if (left > 0) this.#taken[column] = left - 1
    }
    if (this.#row.every((content) => content === '')) return
    if (this.#rows.length === 0) this.#hasHeader = this.#isHeader === true
    this.#rows.push(this.#row)
  }

  /** The table, or nothing where it has no content. */
  finish(): string {
    if (this.#rows.length === 0) return ''
    const width = this.#rows.reduce((widest, row) => Math.max(widest, row.length), 0)
    const [first = [], ...others] = this.#rows
    const [header, body] = this.#hasHeader ? [first, others] : [[], this.#rows]
    return [
      line(filled(header, width)),
      line(new Array<string>(width).fill('---')),
      ...body.map((row) => line(filled(row, Math.min(width, FILL_LIMIT)))),
    ].join('\n')
  }

  #skipTaken(): void {
    for (let left = this.#taken[this.#row.length]; left; left = this.#taken[this.#row.length]) {
      this.#taken[this.#row.length] = left - 1
      this.#row.push('')
    }
  }
}

function filled(row: readonly string[], width: number): readonly string[] {
  return row.length < width ? [...row, ...new Array<string>(width - row.length).fill('')] : row
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}
