import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { callFunction, listen, serveFile } from './http.mjs'

// Serves `.vercel/output` as Vercel does (Build Output API v3): the routes up to
// `filesystem`, the static files, then the routes that lead to the function.

const output = resolve('.vercel/output')
const { routes } = JSON.parse(readFileSync(join(output, 'config.json'), 'utf8'))
const at = routes.findIndex(({ handle }) => handle === 'filesystem')

/** The first route that matches ends its phase, unless it says `continue`. */
function match(phase, pathname) {
  const found = { headers: {} }
  for (const route of phase) {
    if (!new RegExp(`^${route.src}$`).test(pathname)) continue
    found.headers = { ...route.headers, ...found.headers }
    found.status ??= route.status
    found.dest = route.dest
    if (!route.continue) break
  }
  return found
}

const functions = new Map()
async function load(dest) {
  const folder = join(output, `functions${dest}.func`)
  const { handler } = JSON.parse(readFileSync(join(folder, '.vc-config.json'), 'utf8'))
  functions.set(dest, (await import(pathToFileURL(join(folder, handler)))).default)
}
await load('/__server')

listen(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost')
  const { headers } = match(routes.slice(0, at), pathname)
  if (await serveFile(join(output, 'static'), request, response, headers)) return
  const { dest, status } = match(routes.slice(at + 1), pathname)
  if (status) return void response.writeHead(status, headers).end()
  await callFunction(functions.get(dest).fetch, request, response, headers)
})
