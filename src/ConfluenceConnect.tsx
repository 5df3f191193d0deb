import {
  cloneElement,
  Fragment,
  isValidElement,
  type MouseEvent,
  type ReactElement,
  type ReactNode,
  useMemo,
  useState,
} from 'react'
import { ConnectDialog } from './ConnectDialog.tsx'
import { isSettled } from './flow.ts'
import { format } from './messages.ts'
import type { ConnectOptions } from './options.ts'
import { defaultTexts, TextsContext } from './texts.tsx'
import { useConfluenceConnect } from './useConfluenceConnect.ts'

/** Props of {@link ConfluenceConnect}. Those that Carbon Connect had keep its names and meanings. */
export interface ConfluenceConnectProps extends ConnectOptions {
  /** The name of your product or organisation, as your customers know it. */
  orgName: string
  /** Your logo: a URL, or an element. By default the first letter of `orgName`. */
  brandIcon?: ReactNode
  /** Replaces the mark of Confluence: a URL, or an element. */
  confluenceIcon?: ReactNode
  /** Whether the modal is open. With it the component is controlled: follow `setOpen`. Without it, the trigger opens it. */
  open?: boolean
  /** Told when the modal wants to open or close. */
  setOpen?: ((open: boolean) => void) | null
  /** The trigger: your own button, or the label of one. Without it, and without `open`, there is a button "Connect Confluence". */
  children?: ReactNode
  /** Your terms of service. */
  tosURL?: string
  /** Your privacy policy. */
  privacyPolicyURL?: string
  /** `auto` follows the operating system. @default 'auto' */
  theme?: 'light' | 'dark' | 'auto'
  /** Accepted from Carbon's users. A modal dialog is above every `z-index`, so it changes nothing. */
  zIndex?: number
  /** Accepted from Carbon's users. With one integration there is no list that it could skip. */
  entryPoint?: string
}

interface TriggerProps {
  onClick?: (event: MouseEvent<HTMLElement>) => void
  role?: string
  'aria-haspopup'?: 'dialog'
  'aria-expanded'?: boolean
}

/** Elements that a person can press, by the host's own making. All else, a span or a fragment, goes into a button of ours. */
const isTrigger = ({ type, props }: ReactElement<TriggerProps>) =>
  typeof type === 'string' ? type === 'button' || type === 'a' || props.role === 'button' : type !== Fragment

/** The host's element, or a button around what it gave, that opens the modal. */
function Trigger({
  open,
  onOpen,
  theme,
  children,
}: {
  open: boolean
  onOpen: () => void
  theme: string
  children: ReactNode
}) {
  const aria = { 'aria-haspopup': 'dialog', 'aria-expanded': open } as const
  if (isValidElement<TriggerProps>(children) && isTrigger(children)) {
    const trigger: ReactElement<TriggerProps> = children
    const onClick = (event: MouseEvent<HTMLElement>) => {
      trigger.props.onClick?.(event)
      if (!event.defaultPrevented) onOpen()
    }
    return cloneElement(trigger, { ...aria, onClick })
  }
  return (
    <button type="button" className="cc-root cc-trigger" data-theme={theme} onClick={onOpen} {...aria}>
      {children}
    </button>
  )
}

/**
 * Lets your customers connect their Confluence: site, sign-in with Atlassian, and every page syncs by itself.
 *
 * Import `confluence-connect/styles.css` once. Nothing happens before it opens.
 *
 * @example
 * ```tsx
 * <ConfluenceConnect
 *   orgName="Acme Notes"
 *   apiURL="https://connect.acme.example"
 *   tokenFetcher={() => fetch('/api/confluence-token').then((response) => response.json())}
 *   onSuccess={({ action, data }) => console.info(action, data)}
 * />
 * ```
 */
export function ConfluenceConnect(props: ConfluenceConnectProps) {
  const { orgName, brandIcon, confluenceIcon, setOpen, children, tosURL, privacyPolicyURL, theme = 'auto' } = props
  const [ownOpen, setOwnOpen] = useState(false)
  const open = props.open ?? ownOpen
  const texts = useMemo(() => ({ ...defaultTexts, orgName }), [orgName])

  const change = (next: boolean) => {
    setOwnOpen(next)
    setOpen?.(next)
  }
  const state = useConfluenceConnect({ ...props, open, onResume: () => change(true) })
  const close = () => {
    if (isSettled(state) && 'restart' in state) state.restart()
    change(false)
  }
  const trigger =
    children ?? (props.open === undefined ? format(texts.messages.trigger, { org: orgName }, texts.locale) : null)

  return (
    <TextsContext.Provider value={texts}>
      {trigger !== null && (
        <Trigger open={open} onOpen={() => change(true)} theme={theme}>
          {trigger}
        </Trigger>
      )}
      {open && (
        <ConnectDialog
          state={state}
          close={close}
          theme={theme}
          brandIcon={brandIcon}
          confluenceIcon={confluenceIcon}
          tosURL={tosURL}
          privacyPolicyURL={privacyPolicyURL}
        />
      )}
    </TextsContext.Provider>
  )
}
