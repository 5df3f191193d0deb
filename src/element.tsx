import { createRoot, type Root } from 'react-dom/client'
import { ElementView } from './ElementView.tsx'
import {
  attributeNames,
  type ElementEvents,
  type ElementProperties,
  propertyNames,
  readAttributes,
} from './elementProperties.ts'
import { sharedSheet } from './elementStyles.ts'

export type { ElementEvents, ElementProperties } from './elementProperties.ts'

/** Each may be taken back, whatever the compiler thinks of optional properties. */
type Accessors = { [Name in keyof ElementProperties]?: ElementProperties[Name] | undefined }

/** The accessors of all properties, and events with their types. */
interface ElementBase extends HTMLElement, Accessors {
  addEventListener<Name extends keyof ElementEvents>(
    type: Name,
    listener: (this: ConfluenceConnectElement, event: ElementEvents[Name]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void
  addEventListener(...listener: Parameters<HTMLElement['addEventListener']>): void
}

// Without a document it can be imported all the same, and does nothing.
const Base = (typeof HTMLElement === 'undefined' ? Object : HTMLElement) as new () => ElementBase

const tagName = 'confluence-connect'

const isOn = (flag: string | null) => flag !== null && flag !== 'false'

/**
 * `<confluence-connect>`: the component without React, for any page. Importing this module defines it.
 *
 * Its look is its own, in an open shadow root; a page tunes it by `--cc-*` properties and `::part()`. Nothing happens before it opens.
 *
 * @example
 * ```html
 * <script src="/confluence-connect.js" defer></script>
 * <confluence-connect org-name="Acme Notes" api-url="https://connect.acme.example" token-url="/api/confluence-token">
 *   <button slot="trigger">Connect Confluence</button>
 * </confluence-connect>
 * ```
 */
export class ConfluenceConnectElement extends Base {
  static observedAttributes = ['open', ...attributeNames]

  #given: Record<string, unknown> = {}
  #mount = document.createElement('div')
  #root: Root | null = null
  #isPlanned = false

  static {
    for (const name of propertyNames)
      Object.defineProperty(ConfluenceConnectElement.prototype, name, {
        configurable: true,
        enumerable: true,
        get(this: ConfluenceConnectElement) {
          return this.#properties()[name]
        },
        set(this: ConfluenceConnectElement, value: unknown) {
          this.#given[name] = value
          this.#plan()
        },
      })
  }

  constructor() {
    super()
    const shadow = this.attachShadow({ mode: 'open' })
    shadow.adoptedStyleSheets = [sharedSheet()]
    shadow.addEventListener('slotchange', () => this.#plan())
    this.#mount.className = 'cc-mount'
    shadow.append(this.#mount)
    // What was set before the element was known lies over the accessors.
    for (const name of ['open', ...propertyNames]) {
      const early = Object.getOwnPropertyDescriptor(this, name)
      if (!early) continue
      Reflect.deleteProperty(this, name)
      Reflect.set(this, name, early.value)
    }
  }

  /** Whether the modal is open. It is the attribute `open`. */
  get open(): boolean {
    return isOn(this.getAttribute('open'))
  }

  set open(open: boolean) {
    if (open === this.open) return
    if (open) this.setAttribute('open', '')
    else this.removeAttribute('open')
  }

  /** Opens the modal. */
  show(): void {
    this.open = true
  }

  /** Closes the modal. What was begun goes on. */
  close(): void {
    this.open = false
  }

  /** @internal */
  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (name === 'open' && this.#root && isOn(before) !== isOn(now)) this.#tell('cc-openchange', { open: isOn(now) })
    this.#plan()
  }

  /** @internal */
  connectedCallback(): void {
    // A dialog that was moved is there, but modal no more.
    const dialog = this.#mount.querySelector<HTMLDialogElement>('dialog[open]:not(:modal)')
    dialog?.close()
    dialog?.showModal()
    this.#plan()
  }

  /** @internal Where a page moves it with `moveBefore`, all stays as it is. */
  connectedMoveCallback(): void {}

  /** @internal */
  disconnectedCallback(): void {
    this.#plan()
  }

  /** What is so when all changes of now are made: several properties are one change, and a move is none. */
  #plan(): void {
    if (this.#isPlanned) return
    this.#isPlanned = true
    queueMicrotask(() => {
      this.#isPlanned = false
      if (this.isConnected) this.#render()
      else this.#unmount()
    })
  }

  #properties(): ElementProperties & Record<string, unknown> {
    const given = Object.entries(this.#given).filter(([, value]) => value !== undefined && value !== null)
    return { ...readAttributes(this), ...Object.fromEntries(given) }
  }

  #render(): void {
    const properties = this.#properties()
    this.#root ??= createRoot(this.#mount)
    this.#root.render(
      <ElementView
        host={this}
        mount={this.#mount}
        open={this.open}
        setOpen={(open) => {
          this.open = open
        }}
        properties={{
          ...properties,
          onSuccess: (event) => this.#tell('cc-success', event, properties.onSuccess),
          onError: (event) => this.#tell('cc-error', event, properties.onError),
          onEvent: (event) => this.#tell('cc-event', event, properties.onEvent),
        }}
      />,
    )
  }

  #unmount(): void {
    this.#root?.unmount()
    this.#root = null
  }

  #tell<Detail>(name: keyof ElementEvents, detail: Detail, callback?: (detail: Detail) => void): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }))
    callback?.(detail)
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'confluence-connect': ConfluenceConnectElement
  }
}

// Loaded twice, the first one stays.
if (typeof customElements !== 'undefined' && !customElements.get(tagName))
  customElements.define(tagName, ConfluenceConnectElement)
