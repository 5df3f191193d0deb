const as = <Role extends string>(role: Role) => ({ role })

/** The roles of a table's elements, written out: Safari forgets them when a stylesheet stacks the cells of a row. */
export const tableRoles = {
  table: as('table'),
  group: as('rowgroup'),
  row: as('row'),
  header: as('columnheader'),
  name: as('rowheader'),
  cell: as('cell'),
}
