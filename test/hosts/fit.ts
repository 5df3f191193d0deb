/** Controls that a person can go to, in the dialog that is open. */
export const controls = () =>
  [...document.querySelectorAll<HTMLElement>('dialog :is(button, a[href], input, select, [tabindex="0"])')].filter(
    (control) => control.checkVisibility(),
  )

const nameOf = (element: Element) =>
  `${element.localName}.${[...element.classList].join('.')} “${(element.ariaLabel ?? element.textContent ?? '').trim().slice(0, 40)}”`

// Cut on purpose: what is only read out, and long names in the tree, which have one line each.
const cut = '.cc-hidden, .cc-row-name'

/** What is wider than its place: the page, the dialog, or something in it that hides the rest. */
export function clipped(): string[] {
  const page = document.documentElement
  const dialog = document.querySelector('dialog')
  if (!dialog) return ['There is no dialog.']
  const { left, right } = dialog.getBoundingClientRect()
  const inside = [...dialog.querySelectorAll<HTMLElement>('*')].filter(
    (element) => !(element instanceof SVGElement) && !element.matches(cut) && element.checkVisibility(),
  )
  const tooWide = [page, dialog, ...inside].filter(
    (element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX !== 'visible',
  )
  const outside = inside.filter((element) => {
    const box = element.getBoundingClientRect()
    return box.width > 0 && (box.left < left - 1 || box.right > right + 1) && !element.closest(cut)
  })
  if (page.scrollWidth > window.innerWidth) tooWide.push(page)
  return [...tooWide, ...outside].map(nameOf)
}

/** Controls that cannot be seen when they have the focus: beyond the edge, or under something else. Of rows, every fifth. */
export function hiddenWhenFocused(): string[] {
  return controls()
    .filter((control) => !control.closest('tbody tr:not(:nth-child(5n))'))
    .filter((control) => {
      control.focus()
      const place = control.closest('label') ?? control
      const { left, top, right, bottom } = place.getBoundingClientRect()
      const box = {
        left: Math.max(left, 0),
        top: Math.max(top, 0),
        right: Math.min(right, window.innerWidth),
        bottom: Math.min(bottom, window.innerHeight),
      }
      const hit = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2)
      return box.right <= box.left || box.bottom <= box.top || !hit || !(place.contains(hit) || hit.contains(place))
    })
    .map(nameOf)
}

/** Where a person presses: what belongs to a control presses it. */
const targetOf = (control: HTMLElement) => control.closest('label, .cc-field') ?? control

/** Controls that are hard to hit. Links in a line of text are as high as the line. */
export function smallTargets(least: number): string[] {
  return [...controls(), ...document.querySelectorAll<HTMLElement>('dialog .cc-twist:has(svg)')]
    .filter((control) => !control.matches('p > span > a, [role=tree]'))
    .filter((control) => {
      const { width, height } = targetOf(control).getBoundingClientRect()
      return width < least || height < least
    })
    .map((control) => `${nameOf(control)} ${JSON.stringify(targetOf(control).getBoundingClientRect())}`)
}
