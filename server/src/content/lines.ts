/** Whether there is nothing to trim at the start of a text, told by its first character alone. */
export function beginsWithWord(text: string): boolean {
  const code = text.charCodeAt(0)
  return code > 0x20 && code < 0x80
}

/** Without the empty lines around it. Written as loops: a regular expression would take quadratic time on long white space. */
export function trimLines(code: string): string {
  let start = 0
  let end = code.length
  while (end > start && code.charCodeAt(end - 1) <= 0x20) end--
  for (let index = 0; index < end && code.charCodeAt(index) <= 0x20; index++) {
    if (code[index] === '\n') start = index + 1
  }
  return code.slice(start, end)
}
