// Renders the component as a server does, and tells what came of it.
import { ConfluenceConnect } from 'confluence-connect'
import { createMemoryBackend } from 'confluence-connect/testing'
import { createElement, version } from 'react'
import { renderToString } from 'react-dom/server'

const complaints: unknown[] = []
console.error = console.warn = (...said: unknown[]) => complaints.push(said.map(String))

const backend = createMemoryBackend()
const closed = renderToString(createElement(ConfluenceConnect, { orgName: 'Acme', backend }))
const open = renderToString(createElement(ConfluenceConnect, { orgName: 'Acme', backend, open: true }))

process.stdout.write(JSON.stringify({ version, closed, open, calls: backend.calls, complaints }))
