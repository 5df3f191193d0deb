import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { codeSpan } from '../../src/content/markdown-escape.ts'
import { constructs } from './cases/index.ts'
import { rel, type Section } from './cases/storage.ts'

const DOCUMENT = path.join(import.meta.dirname, '../../../docs/content.md')
const GENERATED = /(?<=<!-- constructs: [^>]*-->\n).*(?=<!-- end of constructs -->)/s

test('docs/content.md shows the constructs that are tested', async () => {
  const document = readFileSync(DOCUMENT, 'utf8')
  expect(document).toMatch(GENERATED)
  const tables = `\n${constructs.map(tableOf).join('\n\n')}\n\n`
  await expect(document.replace(GENERATED, () => tables)).toMatchFileSnapshot(DOCUMENT)
})

function tableOf({ title, cases }: Section): string {
  const rows = cases.map(([what, storage, html, text, markdown]) =>
    row([what, ...[storage, html.replaceAll(` ${rel}`, ''), text, markdown].map(cell)]),
  )
  return [
    `### ${title}`,
    '',
    row(['', 'Storage format', 'HTML', 'Text', 'Markdown']),
    row(new Array<string>(5).fill('---')),
    ...rows,
  ].join('\n')
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

/** Lines as code, below each other: tables of Markdown have one line for each row. */
function cell(source: string): string {
  return source
    .split('\n')
    .map((line) => (line === '' ? '' : codeSpan(line, true)))
    .join('<br>')
}
