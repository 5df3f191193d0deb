import { expect, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { Lazy, type Load } from '../../src/Lazy.tsx'

const Hello = ({ name }: { name: string }) => <p>Hello {name}</p>

it('shows the shape of what is loaded, then it; and at once from then on', async () => {
  let arrive = (_: typeof Hello) => {}
  const loading = new Promise<typeof Hello>((resolve) => {
    arrive = resolve
  })
  const load: Load<{ name: string }> = vi.fn(() => loading)
  const first = await render(<Lazy load={load} props={{ name: 'Ada' }} />)
  expect(document.querySelectorAll('.cc-skeleton')).toHaveLength(3)
  arrive(Hello)
  await expect.element(page.getByText('Hello Ada')).toBeVisible()
  await first.unmount()
  const calls = vi.mocked(load).mock.calls.length
  await render(<Lazy load={load} props={{ name: 'Grace' }} />)
  expect(document.body.textContent).toContain('Hello Grace')
  expect(load).toHaveBeenCalledTimes(calls)
})

it('says that it could not be loaded, and tries again when asked', async () => {
  let online = false
  const load: Load<{ name: string }> = async () => {
    if (!online) throw new TypeError('offline')
    return Hello
  }
  await render(<Lazy load={load} props={{ name: 'Ada' }} />)
  await expect
    .element(page.getByRole('alert'))
    .toHaveTextContent('This could not be loaded. Check your internet connection.')
  online = true
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect.element(page.getByText('Hello Ada')).toBeVisible()
})
