// Runs citation.js on a JSON list of texts from standard input and prints the list of results:
// of BibLaTeX as CSL-JSON, or with the argument "write" of CSL-JSON as BibLaTeX. What it fails on
// gives "". REFKIT_CITATIONJS names the folder that holds node_modules with @citation-js/core and
// its plugins bibtex and csl.
const { createRequire } = require('module')
const path = require('path')
const load = createRequire(path.join(path.resolve(process.env.REFKIT_CITATIONJS), 'x.js'))
const { Cite } = load('@citation-js/core')
load('@citation-js/plugin-bibtex')
load('@citation-js/plugin-csl')

const writing = process.argv[2] === 'write'

function result (text) {
  try {
    if (writing) return new Cite(JSON.parse(text)).format('biblatex')
    const cite = new Cite(text, { forceType: '@biblatex/text' })
    return JSON.stringify(cite.format('data', { format: 'object' }))
  } catch (error) {
    return ''
  }
}

console.log = () => {}
const texts = JSON.parse(require('fs').readFileSync(0, 'utf8'))
process.stdout.write(JSON.stringify(texts.map(result)))
