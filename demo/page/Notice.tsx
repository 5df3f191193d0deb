/** Something that did not work, and the way on. */
export function Notice({ text, retry }: { text: string; retry: () => void }) {
  return (
    <div className="notice" role="alert">
      <p className="notice-text">{text}</p>
      <button type="button" className="button" onClick={retry}>
        Try again
      </button>
    </div>
  )
}
