import type { Services } from '../services.ts'
import type { OAuthApp } from './atlassian.ts'

/** The callback's path is fixed by Carbon's contract: customers registered it with their own OAuth apps. */
export const CALLBACK_PATH = '/integrations/confluence'

const SOURCE = 'CONFLUENCE'
const secretContext = (organizationId: number) => `white-label/${organizationId}/${SOURCE}`

/** The app of this server's own variables. */
function ownApp({ config }: Pick<Services, 'config'>): OAuthApp | undefined {
  const { clientId, clientSecret } = config.atlassian
  return clientId && clientSecret
    ? { clientId, clientSecret, redirectUri: config.publicUrl + CALLBACK_PATH }
    : undefined
}

type WhiteLabelServices = Pick<Services, 'db' | 'keyring'>

/** An organisation's own app, where it gave one. Without a secret nobody can sign in with it. */
async function whiteLabel({ db, keyring }: WhiteLabelServices, organizationId: number) {
  const row = await db
    .selectFrom('white_labels')
    .select(['client_id', 'redirect_uri', 'sealed_secret'])
    .where('organization_id', '=', organizationId)
    .where('data_source_type', '=', SOURCE)
    .executeTakeFirst()
  return (
    row && {
      clientId: row.client_id,
      redirectUri: row.redirect_uri,
      clientSecret: row.sealed_secret && keyring.open(row.sealed_secret, secretContext(organizationId)),
    }
  )
}

/** Whether an organisation signs its customers in with an app of its own. */
export const isWhiteLabelled = async (services: WhiteLabelServices, organizationId: number): Promise<boolean> =>
  (await whiteLabel(services, organizationId)) !== undefined

/** The scopes that a sign-in may ask for beside the usual ones. Those of the server's own app are the server's affair. */
export const allowedScopes = async (
  services: WhiteLabelServices,
  organizationId: number,
  wanted: string[] | undefined,
): Promise<string[] | undefined> =>
  wanted?.length && (await isWhiteLabelled(services, organizationId)) ? wanted : undefined

/** Seals the secret of an organisation's app for its row. */
export const sealSecret = ({ keyring }: Pick<Services, 'keyring'>, organizationId: number, secret: string) =>
  keyring.seal(secret, secretContext(organizationId))

/** The OAuth app that an organisation's sign-ins run under: its own, else the server's; undefined when there is neither. */
export async function oauthApp(
  services: Pick<Services, 'config' | 'db' | 'keyring'>,
  organizationId: number,
): Promise<OAuthApp | undefined> {
  const own = await whiteLabel(services, organizationId)
  if (!own) return ownApp(services)
  const { clientId, redirectUri, clientSecret } = own
  return clientSecret ? { clientId, redirectUri, clientSecret } : undefined
}

/** Whose tokens an organisation brings: of the app of its own, even if nobody can sign in with it, else of the server's. */
export const bringingClientId = async (
  services: Pick<Services, 'config' | 'db' | 'keyring'>,
  organizationId: number,
): Promise<string | null> =>
  (await whiteLabel(services, organizationId))?.clientId ?? ownApp(services)?.clientId ?? null

/**
 * The app that issued some tokens or sent somebody to Atlassian: nobody else's secret works for them.
 *
 * @param clientId null for the server's own
 * @returns undefined when that app is no longer configured
 */
export async function issuingApp(
  services: Pick<Services, 'config' | 'db' | 'keyring'>,
  organizationId: number,
  clientId: string | null,
): Promise<OAuthApp | undefined> {
  const server = ownApp(services)
  if (clientId === null || server?.clientId === clientId) return server
  const app = await oauthApp(services, organizationId)
  return app?.clientId === clientId ? app : undefined
}
