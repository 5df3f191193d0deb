import { ConfluenceConnect } from 'confluence-connect'
import 'confluence-connect/styles.css'
import { createElement } from 'react'
import { createRoot } from 'react-dom/client'

const host = document.getElementById('root')
if (host) createRoot(host).render(createElement(ConfluenceConnect, { orgName: 'Acme' }))
