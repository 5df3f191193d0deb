import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect } from 'storybook/test'
import { ConfluenceConnect, type ErrorCode } from '../src/index.ts'
import { format } from '../src/messages.ts'
import { viewMessages as messages } from '../src/viewMessages.ts'
import { Story, type StoryProps, seeTitle, submitSite } from './setting.tsx'

const meta: Meta<StoryProps> = {
  title: 'Errors',
  component: ConfluenceConnect,
  args: { orgName: 'Acme Notes' },
  render: (props) => <Story {...props} />,
}
export default meta

type S = StoryObj<StoryProps>

/** A sign-in that ends with an error: what is wrong, the way on, and the code in small print. */
const ending = (code: ErrorCode, memory: StoryProps['memory'] = { signIn: code }): S => ({
  args: { memory },
  play: async ({ canvasElement }) => {
    const canvas = await submitSite(canvasElement)
    const title = format(messages.errors[code].title, { org: 'Acme Notes', site: 'acme.atlassian.net' }, 'en')
    await seeTitle(canvas, title)
    await expect(canvas.getByText(new RegExp(`^${code}`))).toBeVisible()
  },
})

export const AccessDenied = ending('access_denied')
export const AdminApprovalRequired = ending('admin_approval_required')
export const BrowserMismatch = ending('browser_mismatch')
export const FlowCancelled = ending('flow_cancelled')
export const FlowExpired = ending('flow_expired')
export const FlowSuperseded = ending('flow_superseded')
export const Network = ending('network', { failures: { createFlow: 'network' } })
export const NoConfluenceAccess = ending('no_confluence_access')
export const OriginNotAllowed = ending('origin_not_allowed', { failures: { createFlow: 'origin_not_allowed' } })
export const PopupBlocked = ending('popup_blocked')
export const PopupClosed = ending('popup_closed')
export const PopupNoOpener = ending('popup_no_opener')
export const ProviderUnavailable = ending('provider_unavailable')
export const RateLimited = ending('rate_limited')
export const ReconnectNeeded = ending('reconnect_needed')
export const ScopeMissing = ending('scope_missing')
export const SessionExpired = ending('session_expired', { failures: { createFlow: 'session_expired' } })
export const SessionInvalid = ending('session_invalid', { failures: { createFlow: 'session_invalid' } })
export const SiteMismatch = ending('site_mismatch')
export const SiteNotFound = ending('site_not_found')
export const StateInvalid = ending('state_invalid')
export const SyncFailed = ending('sync_failed')
export const TokenExchangeFailed = ending('token_exchange_failed')
export const Unknown = ending('unknown')
