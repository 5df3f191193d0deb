import './docs.css'
import en from '../../src/locales/en.ts'

const languages = Object.keys(import.meta.glob('../../src/locales/*.ts')).map(
  (file) => /([\w-]+)\.ts$/.exec(file)?.[1] ?? '',
)

/** The languages that come with the library. */
export const Languages = () => {
  const names = new Intl.DisplayNames('en', { type: 'language' })
  return (
    <ul>
      {languages.map((language) => (
        <li key={language}>
          <code>confluence-connect/locales/{language}</code>, {names.of(language)}
        </li>
      ))}
    </ul>
  )
}

/** Texts by their places: a plural is one text, by its most general form. */
function textsOf(texts: object, place = ''): [string, string][] {
  return Object.entries(texts).flatMap(([name, text]: [string, unknown]) => {
    const at = place ? `${place}.${name}` : name
    if (typeof text === 'string') return [[at, text]]
    if (typeof text !== 'object' || text === null) return []
    return 'other' in text ? [[at, String(text.other)]] : textsOf(text, at)
  })
}

/** Every text, with its place for `overrides`. */
export const Texts = () => (
  <table className="types">
    <thead>
      <tr>
        <th>Place</th>
        <th>English</th>
      </tr>
    </thead>
    <tbody>
      {textsOf(en).map(([place, text]) => (
        <tr key={place}>
          <td>
            <code>{place}</code>
          </td>
          <td>{text}</td>
        </tr>
      ))}
    </tbody>
  </table>
)
