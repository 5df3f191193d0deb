/** What happened on the page since it was last asked. */
export interface Watched {
  /** The most rows that were in the document at a time. */
  rows: number
  /** How many times the row that the keys are about became another one. */
  moves: number
}

declare global {
  interface Window {
    /** Gives what was watched, and begins anew. */
    takeWatched(): Watched
  }
}

const nothing = (): Watched => ({ rows: 0, moves: 0 })

/** Watches the page from now on. */
export function watch() {
  let watched = nothing()
  window.takeWatched = () => {
    const taken = watched
    watched = nothing()
    return taken
  }

  new MutationObserver((changes) => {
    watched.moves += changes.length
  }).observe(document, { subtree: true, attributeFilter: ['aria-activedescendant'] })

  const count = () => {
    watched.rows = Math.max(watched.rows, document.querySelectorAll('[role=treeitem]').length)
    requestAnimationFrame(count)
  }
  count()
}
