import { page } from 'vitest/browser'

/** What can be seen of an element, and where. */
export interface Picture extends Pick<ImageData, 'data' | 'width' | 'height'> {
  left: number
  top: number
}

/** Takes a picture of an element, with all that lies in its place. */
export async function pictureOf(element: Element): Promise<Picture> {
  const base64 = await page.screenshot({ element, save: false })
  const response = await fetch(`data:image/png;base64,${base64}`)
  const bitmap = await createImageBitmap(await response.blob())
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
  if (!context) throw new Error('This browser has no canvas.')
  context.drawImage(bitmap, 0, 0)
  const { data, width, height } = context.getImageData(0, 0, bitmap.width, bitmap.height)
  const { left, top } = element.getBoundingClientRect()
  return { data, width, height, left, top }
}

const nameOf = (element: Element | null) =>
  [element?.localName, ...(element?.classList ?? [])].filter(Boolean).join('.')

const placeOf = ({ left, top, width, height }: Picture) => `${width}×${height} at ${left}, ${top}`

/** How far a channel of a pixel may be off: edges are smoothed a little otherwise where the page below is scrolled. */
const noise = 8

/** Which elements lie where two pictures differ, and in how many channels: empty where they are the same. */
export function differences(before: Picture, after: Picture): Record<string, number | string> {
  if (placeOf(before) !== placeOf(after)) return { was: placeOf(before), is: placeOf(after) }
  const found: Record<string, number> = {}
  for (const [index, value] of after.data.entries()) {
    if (Math.abs(value - (before.data[index] ?? 0)) <= noise) continue
    const pixel = Math.floor(index / 4)
    const [x, y] = [pixel % before.width, Math.floor(pixel / before.width)]
    const name = nameOf(document.elementFromPoint(before.left + x, before.top + y))
    found[name] = (found[name] ?? 0) + 1
  }
  return found
}
