import { cdp } from 'vitest/browser'

/** What a person's system says of itself: `{ 'forced-colors': 'active' }`. */
export const setMedia = (media: Record<string, string>) =>
  cdp().send('Emulation.setEmulatedMedia', {
    features: Object.entries(media).map(([name, value]) => ({ name, value })),
  })

/** Whether there is a finger in the place of a mouse. */
export const setTouch = (enabled: boolean) => cdp().send('Emulation.setTouchEmulationEnabled', { enabled })
