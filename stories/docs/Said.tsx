import { createElement, Fragment } from 'react'

/** A comment of the sources: what is between backticks is code. */
export const Said = ({ children }: { children: string }) => {
  const pieces = children
    .split('`')
    .map((piece, index) => (index % 2 === 0 ? piece : createElement('code', null, piece)))
  return createElement(Fragment, null, ...pieces)
}
