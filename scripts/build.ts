import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { rolldown } from 'rolldown'
import type { OutputChunk, Plugin } from 'rolldown'
import type { Layer } from '../src/layers/layer.ts'
import { packLayer } from '../src/layers/pack.ts'
import { readLayer } from '../src/layers/read.ts'
import { licenseTexts } from './licenses.ts'
import { templateSource } from './templates.ts'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')
const templateFolders = ['template-base', 'template-tailwind', 'template-social']

/** The code, one file and what it loads on demand; CommonJS starts 7 ms sooner than ESM. */
async function bundle(layers: readonly Layer[], version: string): Promise<OutputChunk[]> {
  const build = await rolldown({
    cwd: root,
    input: { main: 'src/index.ts' },
    platform: 'node',
    transform: { define: { GENERATOR_VERSION: JSON.stringify(version) } },
    plugins: [
      precompiledTemplates(layers),
      onlyUsedPrompts(),
      onlyUsedGiget(),
      runtimeInMain(),
      ascii(),
    ],
    resolve: {
      alias: {
        // The package holds its code twice, the other time for Node 6.
        prompts: 'prompts/lib/index.js',
        // Its sources are ES modules, and its main file is not: a printer of
        // syntax trees and old forms of modules are a tenth of it.
        handlebars: 'handlebars/lib/handlebars.js',
        // handlebars does without it where there are no source maps to make.
        'source-map': false,
        // Its other build hides its parts from a bundler.
        'jsonc-parser': 'jsonc-parser/lib/esm/main.js',
      },
    },
  })
  const { output } = await build.write({
    dir: dist,
    format: 'cjs',
    minify: true,
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name].cjs',
  })
  await build.close()
  return output.filter((file) => file.type === 'chunk')
}

/** Puts what `main` loads on demand into one compressed file; `src/cold.cjs` reads it. */
function compressCold(chunks: readonly OutputChunk[]): void {
  const main = chunks.find(({ fileName }) => fileName === 'main.cjs')
  const hot = ['main.cjs', ...(main?.imports ?? [])]
  const load = (code: string) =>
    code.replace(/require\("\.\/([\w-]+)\.cjs"\)/g, (call, name: string) =>
      hot.includes(`${name}.cjs`) ? call : `require("./cold.cjs")("${name}")`,
    )
  const cold: Record<string, string> = {}
  for (const { fileName, code } of chunks) {
    const path = join(dist, fileName)
    if (hot.includes(fileName)) writeFileSync(path, load(code))
    else {
      cold[fileName.replace(/\.cjs$/, '')] = load(code)
      rmSync(path)
    }
  }
  writeFileSync(join(dist, 'cold.br'), brotliCompressSync(JSON.stringify(cold)))
}

/** Serves `virtual:templates`: our prose as functions, so that the compiler isn't needed for it. */
function precompiledTemplates(layers: readonly Layer[]): Plugin {
  const id = 'virtual:templates'
  return {
    name: 'precompiled-templates',
    resolveId: (source) => (source === id ? `\0${id}` : null),
    load: (resolved) => (resolved === `\0${id}` ? templatesModule(layers) : null),
  }
}

/** The bundler's helpers inside of `main`, which then is one file less to find and load. */
function runtimeInMain(): Plugin {
  const name = 'rolldown-runtime.cjs'
  return {
    name: 'runtime-in-main',
    generateBundle: (_, bundle) => {
      const { [name]: runtime, 'main.cjs': main } = bundle
      const call = `require("./${name}")`
      if (runtime?.type !== 'chunk' || main?.type !== 'chunk') return
      if (!main.code.includes(call)) throw new Error(`main has no ${call}`)
      const inlined = `(exports=>{${runtime.code};return exports})({})`
      main.code = main.code.replace(call, () => inlined)
    },
  }
}

/** Every chunk in ASCII. */
function ascii(): Plugin {
  return {
    name: 'ascii',
    generateBundle: (_, bundle) => {
      for (const file of Object.values(bundle)) {
        if (file.type === 'chunk') file.code = asciiOnly(file.code)
      }
    },
  }
}

/** Of prompts' twelve kinds of question, the three that we ask; the others are half its size. */
function onlyUsedPrompts(): Plugin {
  const used = ['./text', './multiselect', './confirm']
  const empty = '\0unused-prompt'
  return {
    name: 'only-used-prompts',
    resolveId: (source, importer) =>
      /prompts[\\/]lib[\\/]elements[\\/]index\.js$/.test(importer ?? '') && !used.includes(source)
        ? empty
        : null,
    load: (id) => (id === empty ? 'export {}' : null),
  }
}

/**
 * Of what giget bundles: not nypm, which installs dependencies and isn't asked
 * to, and whose functions for paths are Node's; and of tar what packs and unpacks.
 */
function onlyUsedGiget(): Plugin {
  return {
    name: 'only-used-giget',
    transform(code, id) {
      const [, file] = /giget\/dist\/_chunks\/(?:libs\/)?(\w+)\.mjs$/.exec(slashed(id)) ?? []
      if (file === 'giget') {
        const installs = /await import\("\.\/libs\/nypm\.mjs"\)\.then\([^;]*\)/
        const withoutNypm = replaceOnce(code, installs, '{}')
        return replaceOnce(withoutNypm, /"\.\/libs\/nypm\.mjs"/, '"node:path"')
      }
      // A call that makes an object of exports keeps all of them, unless it is marked.
      return file === 'tar' ? replaceOnce(code, /= e\(\{/, '= /* @__PURE__ */ e({') : undefined
    },
  }
}

const slashed = (path: string) => path.replaceAll('\\', '/')

/** @throws Error where the text has changed, and there is nothing to replace */
function replaceOnce(text: string, pattern: RegExp, replacement: string): string {
  if (!pattern.test(text)) throw new Error(`No ${pattern} to replace`)
  return text.replace(pattern, () => replacement)
}

function templatesModule(layers: readonly Layer[]): string {
  const entries = layers.map((layer) => `${JSON.stringify(layer.name)}: {${templatesOf(layer)}}`)
  return `
    import { each, need, text, truthy } from ${JSON.stringify(join(root, 'src/layers/prose.ts'))}
    export const templates = {${entries.join(',\n')}}
  `
}

function templatesOf({ name, files }: Layer): string {
  return [...files]
    .filter(([, { render }]) => render)
    .map(([path, { content }]) => {
      const source = templateSource(String(content), `${name}/${path}`)
      return `${JSON.stringify(path)}: ${source}`
    })
    .join(',\n')
}

/**
 * Non-ASCII characters as escapes, which JavaScript and JSON share: V8 holds a
 * text with one such character in twice the memory, and reads it slower.
 */
function asciiOnly(text: string): string {
  return text.replace(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string
}

rmSync(dist, { recursive: true, force: true })
const layers = await Promise.all(templateFolders.map((folder) => readLayer(join(root, folder))))
const chunks = await bundle(layers, version)
writeFileSync(join(dist, 'layers.json'), asciiOnly(JSON.stringify(layers.map(packLayer))))
writeFileSync(join(dist, 'licenses.txt'), licenseTexts(root, chunks))
compressCold(chunks)
copyFileSync(join(root, 'src/cold.cjs'), join(dist, 'cold.cjs'))
copyFileSync(join(root, 'src/bin.cjs'), join(dist, 'index.cjs'))
