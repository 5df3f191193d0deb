import './docs.css'
import stylesheet from '../../src/styles.css?raw'
import { declared } from './Fields.tsx'
import { Said } from './Said.tsx'

const propertyOf = (token: string) => `--cc-${token.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`

const [, defaults = ''] = /:where\(\.cc-root\) \{(.*?)\n\}/s.exec(stylesheet) ?? []

/** What the stylesheet says of a property by default. */
const defaultOf = (property: string) =>
  new RegExp(`${property}:\\s*([^;]+);`).exec(defaults)?.[1]?.replace(/\s+/g, ' ') ?? ''

/** Every token, as a property of CSS, with what it is by default. */
export const Tokens = () => (
  <table className="types">
    <thead>
      <tr>
        <th>Variable and property</th>
        <th>What it is</th>
        <th>Default</th>
      </tr>
    </thead>
    <tbody>
      {declared('Tokens').fields.map(({ name, description }) => (
        <tr key={name}>
          <td>
            <code>{name}</code>
            <br />
            <code>{propertyOf(name)}</code>
          </td>
          <td>
            <Said>{description}</Said>
          </td>
          <td>
            <code>{defaultOf(propertyOf(name))}</code>
          </td>
        </tr>
      ))}
    </tbody>
  </table>
)
