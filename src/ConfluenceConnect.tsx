import {
  cloneElement,
  Fragment,
  isValidElement,
  type MouseEvent,
  type ReactElement,
  type ReactNode,
  useMemo,
  useRef,
  useState,
} from 'react'
import { type Appearance, useRoot } from './appearance.ts'
import { type CarbonColors, carbonAppearance } from './carbonAppearance.ts'
import { directionOf, type Localization, useLocalization } from './localization.ts'
import { messages as english, format } from './messages.ts'
import type { ConnectOptions } from './options.ts'
import { PartsContext } from './parts.ts'
import { InlineShell, ModalShell } from './Shell.tsx'
import { TextsContext } from './texts.ts'
import { useConfluenceConnect } from './useConfluenceConnect.ts'

/** Props of {@link ConfluenceConnect}. Those that Carbon Connect had keep its names and meanings. */
export interface ConfluenceConnectProps extends ConnectOptions, CarbonColors {
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
  /** `auto` follows the operating system. `appearance.theme` wins over it. @default 'auto' */
  theme?: 'light' | 'dark' | 'auto'
  /** How it looks: tokens, class names, options. */
  appearance?: Appearance
  /** Its language and texts. @default English */
  localization?: Localization
  /** A dialog over your page, or a part of it that is always there. @default 'modal' */
  mode?: 'modal' | 'inline'
  /** Open it at once, for good: there is no way to close it. @default false */
  alwaysOpen?: boolean
  /** Where "Back" on the first view leads, in this tab. */
  navigateBackURL?: string | null
  /** Accepted from Carbon's users. A modal dialog is above every `z-index`, so it changes nothing. */
  zIndex?: number
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

/** A button of ours around what the host gave. */
function OwnTrigger({
  appearance,
  children,
  ...rest
}: {
  appearance: Appearance
  children: ReactNode
  onClick: () => void
}) {
  const ref = useRef<HTMLButtonElement>(null)
  const root = useRoot('trigger', appearance, ref, {})
  return (
    <button type="button" {...root} {...rest} ref={ref}>
      {children}
    </button>
  )
}

/** The host's element, or a button around what it gave, that opens the modal. */
function Trigger({
  open,
  onOpen,
  appearance,
  children,
}: {
  open: boolean
  onOpen: () => void
  appearance: Appearance
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
    <OwnTrigger appearance={appearance} onClick={onOpen} {...aria}>
      {children}
    </OwnTrigger>
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
  const { orgName, brandIcon, confluenceIcon, setOpen, children, tosURL, privacyPolicyURL } = props
  const { mode = 'modal', alwaysOpen = false, navigateBackURL, localization = {} } = props
  const inline = mode === 'inline'
  const fixed = inline || alwaysOpen
  const [ownOpen, setOwnOpen] = useState(false)
  const open = fixed || (props.open ?? ownOpen)
  const appearance = carbonAppearance(props)
  const words = useLocalization(localization, open)
  const { messages, locale } = words ?? { messages: english, locale: 'en' }
  const texts = useMemo(() => ({ messages, locale, orgName }), [messages, locale, orgName])

  const change = (next: boolean) => {
    setOwnOpen(next)
    setOpen?.(next)
  }
  const state = useConfluenceConnect({
    ...props,
    open,
    onResume: () => change(true),
    onLeave: () => !fixed && change(false),
  })
  const elements = appearance.elements
  const parts = useMemo(() => ({ elements: elements ?? {}, view: state.name }), [elements, state.name])
  const close = () => {
    if (!fixed) return change(false)
    // What stays open goes on with what there is to do next.
    if ('back' in state && state.back) state.back()
    else if ('restart' in state) state.restart()
  }
  const leave = navigateBackURL ? () => void window.open(navigateBackURL, '_self') : null
  const label = props.open === undefined && !fixed ? format(messages.trigger, { org: orgName }, locale) : null
  const trigger = fixed && !alwaysOpen ? null : (children ?? label)
  const Shell = inline ? InlineShell : ModalShell

  return (
    <TextsContext.Provider value={texts}>
      <PartsContext.Provider value={parts}>
        {trigger !== null && (
          <Trigger open={open} onOpen={() => change(true)} appearance={appearance}>
            {trigger}
          </Trigger>
        )}
        {open && (
          <Shell
            state={words && state}
            close={close}
            fixed={fixed}
            leave={leave}
            appearance={appearance}
            brandIcon={brandIcon}
            confluenceIcon={confluenceIcon}
            tosURL={tosURL}
            privacyPolicyURL={privacyPolicyURL}
            lang={props.localization && locale}
            dir={props.localization && directionOf(localization.locale ?? locale)}
          />
        )}
      </PartsContext.Provider>
    </TextsContext.Provider>
  )
}
