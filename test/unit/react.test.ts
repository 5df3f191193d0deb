import { version } from 'react'
import { version as inTheDocument } from 'react-dom'
import { version as onTheServer } from 'react-dom/server'
import { expect, inject, it } from 'vitest'
import '../provided.ts'

it('runs on the React that this project is for', () => {
  expect(version.startsWith(inject('react'))).toBe(true)
  expect([inTheDocument, onTheServer]).toEqual([version, version])
})
