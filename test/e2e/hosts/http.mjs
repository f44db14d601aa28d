import { createReadStream, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

// What the launchers of functions share: Node's HTTP on one side, fetch's on the other.

const TYPES = { '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml' }

/** Listens on PORT; what a request can't be answered with is a 500 that is printed. */
export function listen(answer) {
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      console.error(error)
      if (!response.headersSent) response.statusCode = 500
      response.end()
    })
  })
  server.listen(Number(process.env.PORT), 'localhost')
}

/** Serves a file of the build with these headers, if there is one. */
export async function serveFile(folder, { method, url }, response, headers) {
  const { pathname } = new URL(url, 'http://localhost')
  const file = join(folder, decodeURIComponent(pathname))
  const found = file.startsWith(folder) && statSync(file, { throwIfNoEntry: false })?.isFile()
  if (!found || (method !== 'GET' && method !== 'HEAD')) return false
  response.writeHead(200, { ...headers, 'content-type': TYPES[extname(file)] ?? 'text/plain' })
  if (method === 'HEAD') response.end()
  else await pipeline(createReadStream(file), response)
  return true
}

/** Calls a function that speaks fetch; the host's own headers come first. */
export async function callFunction(fetch, request, response, hostHeaders) {
  const { method, headers } = request
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const answer = await fetch(
    new Request(new URL(request.url, `http://${headers.host}`), {
      method,
      headers: Object.entries(headers).flatMap(([name, value]) =>
        [value].flat().map((one) => [name, one]),
      ),
      ...(hasBody && { body: Readable.toWeb(request), duplex: 'half' }),
    }),
    {},
  )
  response.statusCode = answer.status
  for (const [name, value] of Object.entries(hostHeaders)) response.setHeader(name, value)
  for (const [name, value] of answer.headers) {
    if (name !== 'set-cookie') response.setHeader(name, value)
  }
  const cookies = answer.headers.getSetCookie()
  if (cookies.length > 0) response.setHeader('set-cookie', cookies)
  if (answer.body) await pipeline(Readable.fromWeb(answer.body), response)
  else response.end()
}
