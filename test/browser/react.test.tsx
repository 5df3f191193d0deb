import { useEffect, version } from 'react'
import { version as inTheDocument } from 'react-dom'
import { expect, inject, it, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import '../provided.ts'

it('runs on the React that this project is for', () => {
  expect(version.startsWith(inject('react'))).toBe(true)
  expect(inTheDocument).toBe(version)
})

it('renders everything in StrictMode', async () => {
  const effect = vi.fn()
  const Once = () => {
    useEffect(effect, [])
    return null
  }
  await render(<Once />)
  expect(effect).toHaveBeenCalledTimes(2)
})
