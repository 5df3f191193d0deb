import '../../../src/styles.css'
import { createRoot } from 'react-dom/client'
import { ConfluenceConnect } from '../../../src/index.ts'
import { createMemoryBackend, memoryConnection, memoryItems, memorySite } from '../../../src/testing.ts'
import { ROWS } from '../rows.ts'
import { watch } from './watch.ts'

const backend = createMemoryBackend({
  connections: [memoryConnection(1, memorySite('acme.atlassian.net'))],
  items: memoryItems(ROWS, 0),
})

watch()
createRoot(document.getElementById('app') ?? document.body).render(
  <ConfluenceConnect
    orgName="Acme Notes"
    backend={backend}
    enabledIntegrations={[{ id: 'CONFLUENCE', useCarbonFilePicker: true }]}
    open
  />,
)
