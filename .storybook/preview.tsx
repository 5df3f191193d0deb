/// <reference types="vite/client" />
import type { Preview } from '@storybook/react-vite'
import '../src/styles.css'

const preview: Preview = {
  tags: ['autodocs'],
  // Under a test nothing moves: a view that is still fading in has neither its colours nor its visibility.
  decorators: [
    (Story) => (
      <>
        {navigator.webdriver && (
          <style>{'*, ::backdrop { animation: none !important; transition: none !important }'}</style>
        )}
        <Story />
      </>
    ),
  ],
  // A flow is remembered in the tab; a story must not resume that of another.
  beforeEach: () => sessionStorage.clear(),
  parameters: {
    layout: 'fullscreen',
    options: {
      storySort: {
        order: ['Guide', ['Introduction', 'Props', 'Theming', 'Localisation', 'Events and errors', 'Headless']],
      },
    },
    a11y: { test: 'error' },
    // Each story opens a modal dialog, so each needs a document of its own.
    docs: { story: { inline: false, height: '680px' } },
    viewport: {
      options: {
        phone: { name: 'Phone, 360 px', styles: { width: '360px', height: '740px' } },
        desktop: { name: 'Desktop, 1280 px', styles: { width: '1280px', height: '800px' } },
      },
    },
  },
}

export default preview
