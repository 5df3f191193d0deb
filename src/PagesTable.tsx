import { Button } from './Button.tsx'
import { useListTexts } from './listTexts.ts'
import { PageRow } from './PageRow.tsx'
import { useParts } from './parts.ts'
import type { PageColumn } from './states.ts'
import { tableRoles } from './tableRoles.ts'
import type { PageActionOptions } from './usePageAction.tsx'
import { sortOf } from './useSyncedPages.ts'

/** Props of {@link PagesTable}. */
export interface PagesTableProps extends PageActionOptions {
  columns: readonly PageColumn[]
}

/** The pages shown. */
export function PagesTable({ columns, ...options }: PagesTableProps) {
  const { list } = options
  const { words, say, locale } = useListTexts()
  const texts = words.pages
  const part = useParts()
  const dates = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
  // A host without types may name columns that only Carbon had.
  const known = columns.filter((column) => Object.hasOwn(texts.columns, column))
  return (
    <table {...part('table')} {...tableRoles.table} aria-label={say(texts.table)} aria-busy={list.stale}>
      <thead {...tableRoles.group} className="cc-rows">
        <tr {...tableRoles.row} className="cc-headers">
          <td {...part('header', { kind: 'check' })} {...tableRoles.cell}>
            <label className="cc-check">
              <input
                {...part('checkbox')}
                type="checkbox"
                form=""
                aria-label={say(texts.selectPage)}
                checked={list.shown === 'all'}
                ref={(input) => {
                  if (input) input.indeterminate = list.shown === 'some'
                }}
                onChange={() => list.select(list.pages, list.shown !== 'all')}
              />
            </label>
          </td>
          {known.map((column) => (
            <th
              key={column}
              {...part('header', { kind: column })}
              {...tableRoles.header}
              aria-sort={column === list.column ? (list.direction === 'asc' ? 'ascending' : 'descending') : undefined}
            >
              {sortOf[column] ? (
                <Button slot="inline" onClick={() => list.sortBy(column)}>
                  {say(texts.columns[column])}
                </Button>
              ) : (
                say(texts.columns[column])
              )}
            </th>
          ))}
          <td {...part('header', { kind: 'actions' })} {...tableRoles.cell} />
        </tr>
      </thead>
      <tbody {...tableRoles.group} className="cc-rows">
        {list.pages.map((page) => (
          <PageRow key={page.id} page={page} columns={known} dates={dates} {...options} />
        ))}
      </tbody>
    </table>
  )
}
