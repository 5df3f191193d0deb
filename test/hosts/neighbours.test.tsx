import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { ViewOf } from '../browser/views.tsx'
import { type Host, hosts, Sample } from './hosts.tsx'
import { differences, pictureOf } from './picture.ts'
import { setSheets, sheetsOf } from './sheets.ts'

// Open it lies over the page: here it is looked through.
const appearance = { variables: { colorBackdrop: 'transparent' }, options: { animations: 'none' } } as const
const seeThrough = '.cc-dialog { visibility: hidden !important }'

beforeEach(() => page.viewport(1000, 900))
afterEach(() => {
  setSheets()
  sessionStorage.clear()
})

function Page({ host, open }: { host: Host; open: boolean | null }) {
  return (
    <>
      <Sample classes={host.classes} />
      {open !== null && <ViewOf name="accounts" open={open} theme="light" appearance={appearance} />}
    </>
  )
}

describe.each(Object.entries<Host>(hosts))('%s', (_, host) => {
  it('looks the same without the component, with it closed, open, and closed again', async () => {
    const { css, layers = '' } = host
    setSheets(layers, css)
    const screen = await render(<Page host={host} open={null} />)
    const whole = () => pictureOf(document.documentElement)
    const before = await whole()
    const [sheets] = Object.values(sheetsOf(host))
    setSheets(...(sheets ?? []), seeThrough)
    expect(differences(before, await whole())).toEqual({})
    await screen.rerender(<Page host={host} open={false} />)
    expect(differences(before, await whole())).toEqual({})
    await screen.rerender(<Page host={host} open />)
    await expect.element(page.getByText(/310 of about|312 of about/)).toBeInTheDocument()
    expect(differences(before, await whole())).toEqual({})
    await screen.rerender(<Page host={host} open={false} />)
    expect(differences(before, await whole())).toEqual({})
  })
})
