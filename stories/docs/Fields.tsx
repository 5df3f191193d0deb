import './docs.css'
import declarations from 'virtual:declarations'
import type { Field } from './declarations.ts'
import { Said } from './Said.tsx'

export const declared = (name: string) => {
  const declaration = declarations[name]
  if (!declaration) throw new Error(`There is no type ${name}.`)
  return declaration
}

/** A field and what is in it, each by its whole name. */
const flat = (field: Field, before = ''): Field[] => {
  const named = { ...field, name: `${before}${field.name}` }
  return field.fields.length > 0 ? field.fields.flatMap((inner) => flat(inner, `${named.name}.`)) : [named]
}

export function FieldTable({ fields, title = 'Name' }: { fields: Field[]; title?: string }) {
  const rows = fields.flatMap((field) => flat(field))
  const hasDefaults = rows.some((row) => row.default !== null)
  return (
    <table className="types">
      <thead>
        <tr>
          <th>{title}</th>
          <th>What it is</th>
          {hasDefaults && <th>Default</th>}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name}>
            <td>
              <code>
                {row.name}
                {row.optional && '?'}
              </code>
            </td>
            <td>
              <div>
                <Said>{row.description}</Said>
              </div>
              <code>{row.type}</code>
            </td>
            {hasDefaults && <td>{row.default !== null && <code>{row.default}</code>}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** What is in a type of the library, without what it has from some others. */
export function Fields({ of, without = [] }: { of: string; without?: string[] }) {
  const left = new Set(without.flatMap((name) => declared(name).fields.map((field) => field.name)))
  return <FieldTable fields={declared(of).fields.filter(({ name }) => !left.has(name))} />
}

/** The names of what is in a type, in a row. */
export const Names = ({ of }: { of: string }) =>
  declared(of).fields.map(({ name }, index) => (
    <span key={name}>
      {index > 0 && ', '}
      <code>{name}</code>
    </span>
  ))
