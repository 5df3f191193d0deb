const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })

/** The luminance of a colour as CSS computes it, by WCAG. */
function luminanceOf(color: string): number {
  if (!context) throw new Error('This browser has no canvas.')
  context.fillStyle = color
  context.fillRect(0, 0, 1, 1)
  const [red = 0, green = 0, blue = 0] = [...context.getImageData(0, 0, 1, 1).data].map((channel) => {
    const share = channel / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** How well one colour can be told from another: from 1 to 21. */
export function contrastOf(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

/** A colour as it is in a place: a token, or a word such as `Canvas`. */
export function colorAt(place: Element, value: string): string {
  const probe = place.appendChild(document.createElement('i'))
  probe.style.setProperty('forced-color-adjust', 'none')
  probe.style.color = value
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}
