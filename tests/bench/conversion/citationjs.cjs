// Convert standard input by citation-js: node citationjs.cjs FROM TO, in refkit's format names.
const { createRequire } = require('module')
const { readFileSync } = require('fs')
const { join } = require('path')

const here = createRequire(join(process.env.REFKIT_CITATIONJS, 'package.json'))
const { Cite } = here('@citation-js/core')
for (const plugin of ['bibtex', 'csl', 'ris']) here('@citation-js/plugin-' + plugin)

const [from, to] = process.argv.slice(2)
const types = { biblatex: '@biblatex/text', bibtex: '@bibtex/text', ris: '@ris/file' }
const text = readFileSync(0, 'utf8')
const cite = from === 'csljson'
  ? new Cite(JSON.parse(text))
  : new Cite(text, { forceType: types[from] })
process.stdout.write(to === 'csljson'
  ? JSON.stringify(cite.format('data', { format: 'object' }))
  : cite.format(to))
