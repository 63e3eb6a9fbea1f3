// Convert by citation.js: node citationjs.js FROM TO, in refkit's format names. Standard input is a
// JSON list of texts, and so is the output; what citation.js fails on gives "".
// REFKIT_CITATIONJS names the folder that holds node_modules with @citation-js/core and its
// plugins bibtex, csl and ris.
const { createRequire } = require('module')
const path = require('path')
const load = createRequire(path.join(path.resolve(process.env.REFKIT_CITATIONJS), 'x.js'))
const { Cite } = load('@citation-js/core')
for (const plugin of ['bibtex', 'csl', 'ris']) load('@citation-js/plugin-' + plugin)

const [from, to] = process.argv.slice(2)
const types = { biblatex: '@biblatex/text', bibtex: '@bibtex/text', ris: '@ris/file' }

function converted (text) {
  try {
    const cite = from === 'csljson'
      ? new Cite(JSON.parse(text))
      : new Cite(text, { forceType: types[from] })
    if (to !== 'csljson') return cite.format(to)
    return JSON.stringify(cite.format('data', { format: 'object' }))
  } catch (error) {
    return ''
  }
}

console.log = () => {}
const texts = JSON.parse(require('fs').readFileSync(0, 'utf8'))
process.stdout.write(JSON.stringify(texts.map(converted)))
