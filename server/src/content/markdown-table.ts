import { FILL_LIMIT, Spans } from './spans.ts'

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
  readonly #spans = new Spans()

  startRow(): void {
    this.#row = []
    this.#isHeader = undefined
  }

  cell(content: string, cell: Cell): void {
    this.#spans.place(this.#row, content, cell)
    this.#isHeader = cell.header && this.#isHeader !== false
  }

  /** Rows without any content are left out. */
  endRow(): void {
    this.#spans.endRow(this.#row.length)
    if (this.#row.every((content) => content === '')) return
    if (this.#rows.length === 0) this.#hasHeader = this.#isHeader === true
    this.#rows.push(this.#row)
  }

  /** The table, or nothing where it has no content. Renderers fill rows up themselves that are not filled here. */
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
}

function filled(row: readonly string[], width: number): readonly string[] {
  return row.length < width ? [...row, ...new Array<string>(width - row.length).fill('')] : row
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}
