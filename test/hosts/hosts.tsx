import bootstrap from 'bootstrap/dist/css/bootstrap.css?inline'
import tailwind3 from './tailwind3.css?inline'
import tailwind4 from './tailwind4.css?inline'

/** A page that styles all elements, and how it writes those of its own. */
export interface Host {
  css: string
  /** Its styles are in cascade layers, and so is ours there: what it says of their order. */
  layers?: string
  classes: Record<'card' | 'heading' | 'button' | 'input' | 'table' | 'list', string>
}

const tailwind = {
  card: 'mx-auto max-w-2xl space-y-4 p-6',
  heading: 'text-2xl font-semibold',
  button: 'rounded-md bg-indigo-600 px-4 py-2 font-medium text-white',
  input: 'block w-full rounded-md border border-gray-400 px-3 py-2',
  table: 'w-full divide-y text-left text-sm',
  list: 'list-disc pl-5',
}

export const hosts = {
  'Tailwind 3': { css: tailwind3, classes: tailwind },
  'Tailwind 4': {
    css: tailwind4,
    classes: tailwind,
    layers: '@layer theme, base, confluence-connect, components, utilities;',
  },
  'Bootstrap 5': {
    css: bootstrap,
    classes: {
      card: 'container card card-body my-4',
      heading: 'card-title',
      button: 'btn btn-primary',
      input: 'form-control',
      table: 'table table-striped',
      list: 'list-group list-group-numbered',
    },
  },
  // Nobody’s in particular: what such pages say of elements in global stylesheets.
  'a page of strong words': {
    css: `body * { box-sizing: content-box; border: 2px dotted red; margin: 3px }
      *::before, *::after { outline: 1px solid lime; margin: 2px }
      html { font-size: 22px; line-height: 2.4; color: purple }
      body { font: italic bold 30px/3 serif; text-transform: uppercase; text-align: end; text-indent: 3em; white-space: nowrap;
        word-spacing: 9px; letter-spacing: 3px; pointer-events: none; list-style: square; border-collapse: collapse }
      h1, h2, h3 { font: italic 40px/2 serif; text-transform: uppercase; border-bottom: 4px solid; padding: 8px; max-width: 9em }
      p { text-indent: 2em; max-width: 20ch; margin: 30px; letter-spacing: 2px; hyphens: auto; font-size: 20px }
      button { text-transform: uppercase; letter-spacing: 3px; box-shadow: 0 4px red; min-width: 14em; line-height: 3; float: right }
      button:hover { transform: rotate(3deg) }
      a { color: lime; background: black; text-decoration: overline; font-weight: 900 }
      label { display: inline; font-size: 22px; float: left; color: brown }
      input, select, textarea { width: 50%; min-height: 70px; background: pink; border: 5px ridge; text-align: end; color: red }
      input::placeholder, ::placeholder { color: red; opacity: 1; font-style: italic }
      ul, ol { padding: 30px; list-style: square }
      ul li { background: yellow; padding: 9px }
      li::marker { color: red }
      svg, img { max-width: 100%; height: auto; display: inline; vertical-align: middle; fill: red; stroke: red }
      table { display: block; border-collapse: collapse; width: auto; background: pink; overflow-x: auto }
      table tbody tr { background: orange }
      table td, table th { border: 3px solid red; padding: 20px; white-space: nowrap; text-align: center; font-size: 9px }
      dialog { margin: 0; min-width: 90%; min-height: 90%; max-width: 300px; border-radius: 0; filter: invert(1); opacity: 0.7; inset: auto; color: red }
      dialog::backdrop { backdrop-filter: blur(9px) }
      progress { width: 20px; height: 30px; accent-color: red; box-shadow: 0 0 9px red }
      span { font-weight: bold; padding: 1px; vertical-align: super } bdi { color: red } time { display: block }
      section { padding: 60px; min-height: 900px; display: flex }`,
    classes: { card: '', heading: '', button: '', input: '', table: '', list: '' },
  },
} satisfies Record<string, Host>

/** What such a page consists of. */
export function Sample({ classes }: Pick<Host, 'classes'>) {
  return (
    <main className={classes.card}>
      <h1 className={classes.heading}>Sources</h1>
      <p>
        What the assistant reads. <a href="#more">More about it</a>
      </p>
      <label htmlFor="host-name">Name</label>
      <input id="host-name" className={classes.input} placeholder="Of the workspace" />
      <table className={classes.table}>
        <thead>
          <tr>
            <th>Source</th>
            <th>Pages</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <td>Handbook</td>
            <td>12</td>
          </tr>
        </tbody>
      </table>
      <ul className={classes.list}>
        <li>One</li>
        <li>Two</li>
      </ul>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <path d="M2 2h12v12H2z" />
      </svg>
      <progress value={0.4} aria-label="Storage used" />
      <dialog open aria-label="News">
        A dialog of the page’s own
      </dialog>
    </main>
  )
}
