import { ConfluenceConnect } from 'confluence-connect'
import type { Source } from '../api.ts'
import { Logo } from './Logo.tsx'
import { request } from './request.ts'
import { statusTexts } from './sources.ts'

/** Asks your own backend: it knows who is signed in, and it alone has the API key. */
const fetchToken = () => request<{ access_token: string }>('/api/confluence/token', { body: {} })

interface Props {
  /** Where the confluence-connect-server runs. */
  apiURL: string
  sources: Source[]
  /** Told when something may have changed about them. */
  onChange: () => void
}

/** The integration, as it would be one among several in the settings of a product. */
export function ConfluenceCard({ apiURL, sources, onChange }: Props) {
  const connected = sources.length > 0
  return (
    <section className="card" aria-labelledby="confluence">
      <h2 className="card-title" id="confluence">
        Confluence
      </h2>
      {connected ? (
        <ul className="sources">
          {sources.map(({ id, site, account, status }) => (
            <li key={id} className="source">
              <span className="source-text">
                <span className="source-site">{site}</span>
                <span className="source-account">{account}</span>
              </span>
              <span className="status" data-status={status} role="status">
                {statusTexts[status]}
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <p className="card-text">Read and search your team’s pages here. Nothing in Confluence is ever changed.</p>
      )}
      <ConfluenceConnect
        enabledIntegrations={[{ id: 'CONFLUENCE', useCarbonFilePicker: true }]}
        orgName="Acme Notes"
        brandIcon={<Logo />}
        apiURL={apiURL}
        tokenFetcher={fetchToken}
        // ADD: an account was connected, and its first pages are on their way. UPDATE: all of them have arrived.
        onSuccess={onChange}
        onError={onChange}
        // Whoever closes it may have disconnected an account in it.
        setOpen={onChange}
      >
        <button type="button" className="button" data-kind={connected ? undefined : 'primary'}>
          {connected ? 'Manage' : 'Connect'}
          <span className="hidden"> Confluence</span>
        </button>
      </ConfluenceConnect>
    </section>
  )
}
