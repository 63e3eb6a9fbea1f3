// Reads BibLaTeX on standard input with citation.js and prints CSL-JSON; with the argument
// "write" it is given CSL-JSON and prints BibLaTeX. REFKIT_CITATIONJS names the folder that
// holds node_modules with @citation-js/core and its plugins bibtex and csl.
const { createRequire } = require('module')
const path = require('path')
const load = createRequire(path.join(path.resolve(process.env.REFKIT_CITATIONJS), 'x.js'))
const { Cite } = load('@citation-js/core')
load('@citation-js/plugin-bibtex')
load('@citation-js/plugin-csl')

const text = require('fs').readFileSync(0, 'utf8')
if (process.argv[2] === 'write') {
  process.stdout.write(new Cite(JSON.parse(text)).format('biblatex'))
} else {
  const cite = new Cite(text, { forceType: '@biblatex/text' })
  process.stdout.write(JSON.stringify(cite.format('data', { format: 'object' })))
}
