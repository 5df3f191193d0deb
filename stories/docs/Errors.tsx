import './docs.css'
import { errorTable } from '../../src/errors.ts'
import en from '../../src/locales/en.ts'
import type { Message } from '../../src/messages.ts'

const text = (message: Message) => (typeof message === 'string' ? message : message.other)

/** Every error code, with what a person reads. */
export const Errors = () => (
  <table className="types">
    <thead>
      <tr>
        <th>Code</th>
        <th>What a person reads</th>
        <th>Retryable</th>
      </tr>
    </thead>
    <tbody>
      {Object.entries(errorTable).map(([code, { retryable }]) => {
        const words = en.errors[code as keyof typeof en.errors]
        return (
          <tr key={code}>
            <td>
              <code>{code}</code>
            </td>
            <td>
              <strong>{text(words.title)}</strong> {text(words.text)}
            </td>
            <td>{retryable ? 'yes' : 'no'}</td>
          </tr>
        )
      })}
    </tbody>
  </table>
)
