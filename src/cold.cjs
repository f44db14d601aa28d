'use strict'
// What not every run needs, in one compressed file: a quarter of the download.
const { readFileSync } = require('node:fs')
const Module = require('node:module')
const { join } = require('node:path')
const { brotliDecompressSync } = require('node:zlib')

const sources = JSON.parse(brotliDecompressSync(readFileSync(join(__dirname, 'cold.br'))))
const loaded = new Map()

/** Loads a part of the program by its name, once. */
module.exports = function load(name) {
  if (!loaded.has(name)) {
    const filename = join(__dirname, `${name}.cjs`)
    const part = new Module(filename, module)
    part.filename = filename
    loaded.set(name, part)
    part._compile(sources[name], filename)
  }
  return loaded.get(name).exports
}
