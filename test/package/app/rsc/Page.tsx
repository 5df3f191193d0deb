import { ConfluenceConnect } from 'confluence-connect'
import 'confluence-connect/styles.css'
import { memorySite } from 'confluence-connect/testing'
import { createTokenHandler } from 'confluence-connect/token'

/** A server component: it uses the component as a client's, and calls what runs on servers. */
export function Page() {
  const handler = createTokenHandler({ serverUrl: 'http://127.0.0.1:1', apiKey: 'key', customerId: () => null })
  return (
    <html lang="en">
      <head>
        <title>{`${memorySite('acme.atlassian.net').cloudId} and ${typeof handler}`}</title>
      </head>
      <body>
        <ConfluenceConnect orgName="Acme" apiURL="https://connect.acme.example">
          <button type="button">Connect from a server component</button>
        </ConfluenceConnect>
        <ConfluenceConnect orgName="Acme" apiURL="https://connect.acme.example" open />
      </body>
    </html>
  )
}
