import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import handlebars from 'handlebars'
import { rolldown } from 'rolldown'
import type { OutputChunk, Plugin } from 'rolldown'
import type { Layer } from '../src/layers/layer.ts'
import { packLayer } from '../src/layers/pack.ts'
import { readLayer } from '../src/layers/read.ts'
import { requireEveryName, TEMPLATE_OPTIONS } from '../src/layers/template.ts'
import { releasesOf } from './lib/changelog.ts'
import { licenseTexts } from './licenses.ts'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')

/** The code, one file and what it loads on demand; CommonJS starts 7 ms sooner than ESM. */
async function bundle(layers: readonly Layer[], version: string): Promise<OutputChunk[]> {
  const build = await rolldown({
    cwd: root,
    input: { index: 'src/index.ts' },
    platform: 'node',
    transform: { define: { GENERATOR_VERSION: JSON.stringify(version) } },
    plugins: [
      virtualModule('templates', templatesModule(layers)),
      virtualModule('releases', releasesModule(version)),
      onlyUsedPrompts(),
      onlyUsedGiget(),
    ],
    resolve: {
      alias: {
        // The package holds its code twice, the other time for Node 6.
        prompts: 'prompts/lib/index.js',
        // Its sources are ES modules, and its main file is not: a printer of
        // syntax trees and old forms of modules are a tenth of it.
        handlebars$: 'handlebars/lib/handlebars.js',
        'handlebars/runtime': 'handlebars/lib/handlebars.runtime.js',
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

/** Serves `virtual:NAME`, a module that no file is. */
function virtualModule(name: string, text: string): Plugin {
  const id = `virtual:${name}`
  return {
    name: id,
    resolveId: (source) => (source === id ? `\0${id}` : null),
    load: (resolved) => (resolved === `\0${id}` ? text : null),
  }
}

/** What the changelog says of moving a project, as data. */
function releasesModule(version: string): string {
  const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8')
  return `export const releases = ${JSON.stringify(releasesOf(changelog, version))}`
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

/** Our prose as functions, so that the compiler isn't needed for it. */
function templatesModule(layers: readonly Layer[]): string {
  const entries = layers.map((layer) => `${JSON.stringify(layer.name)}: {${templatesOf(layer)}}`)
  return `
    import handlebars from 'handlebars/runtime'
    export const templates = {${entries.join(',\n')}}
  `
}

function templatesOf({ files }: Layer): string {
  return [...files]
    .filter(([, { render }]) => render)
    .map(([path, { content }]) => {
      const program = requireEveryName(handlebars.parse(String(content)))
      const spec = String(handlebars.precompile(program, TEMPLATE_OPTIONS))
      return `${JSON.stringify(path)}: handlebars.template(${spec})`
    })
    .join(',\n')
}

const { version, workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string
  /** The layers, in the order that they are laid. */
  workspaces: readonly string[]
}

rmSync(dist, { recursive: true, force: true })
const layers = await Promise.all(workspaces.map((folder) => readLayer(join(root, folder))))
const chunks = await bundle(layers, version)
writeFileSync(join(dist, 'layers.json'), JSON.stringify(layers.map(packLayer)))
writeFileSync(join(dist, 'licenses.txt'), licenseTexts(root, chunks))
copyFileSync(join(root, 'src/bin.cjs'), join(dist, 'bin.cjs'))
