import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { expect, it } from 'vitest'
import { apps, run, tell } from './packed.ts'

const vite = path.join(path.dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js')
const folder = path.join(apps.react19, 'rsc')

it('is used from server components: built, rendered, and only its marked parts sent to the browser', async () => {
  const built = await run(folder, vite, 'build', '--logLevel', 'error')
  expect(built).toMatchObject({ code: 0, stderr: '' })

  const { html, complaints } = await tell<{ html: string; complaints: unknown[] }>(folder, 'serve.ts')
  expect(complaints).toEqual([])
  expect(html).toContain('<title>cloud-acme.atlassian.net and function</title>')
  expect(html).toMatch(/<button type="button" aria-haspopup="dialog"[^>]*>Connect from a server component<\/button>/)
  expect(html).toMatch(/<dialog [^>]*class="cc-root /)

  const assets = path.join(folder, 'dist/client/assets')
  const sent = readdirSync(assets).map((name) => readFileSync(path.join(assets, name), 'utf8'))
  expect(sent.some((text) => text.includes('cc-dialog'))).toBe(true)
  expect(sent.filter((text) => text.includes('createTokenHandler'))).toEqual([])
})
