import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { callFunction, listen, serveFile } from './http.mjs'

// Serves `dist/` and the function as Netlify does: a file first (`preferStatic`), with the
// headers of `_headers`, which Netlify gives to files alone; all else is the function's.

const folder = resolve('dist')
const entry = resolve('.netlify/functions-internal/server/server.mjs')
const { default: answer, config } = await import(pathToFileURL(entry))
if (config.path !== '/*' || !config.preferStatic) throw new Error('Another kind of function')

const rules = []
for (const line of readFileSync(resolve(folder, '_headers'), 'utf8').split('\n')) {
  const [, name, value] = /^\s+([\w-]+): (.*)$/.exec(line) ?? []
  if (name) rules.at(-1).headers[name] = value
  else if (line.trim()) rules.push({ path: line.trim(), headers: {} })
}
const headersOf = ({ url }) =>
  rules
    .filter(({ path }) => new RegExp(`^${path.replace('*', '.*')}$`).test(url))
    .reduce((all, { headers }) => ({ ...all, ...headers }), {})

listen(async (request, response) => {
  if (await serveFile(folder, request, response, headersOf(request))) return
  await callFunction(answer, request, response, {})
})
