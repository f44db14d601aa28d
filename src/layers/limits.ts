import { createGunzip } from 'node:zlib'
import { CliError } from '../errors.ts'

/** Far more than any layer has, and little enough to unpack. */
export const limits = { bytes: 256 * 1024 * 1024, files: 20_000 }

/** @returns the refusal of an archive that holds more than a layer can */
export const tooLarge = (what: string) =>
  new CliError(`It holds more than ${what}, and no layer needs that: it was not unpacked.`)

/**
 * Runs with downloads that end as soon as they hold too much, packed or
 * unpacked: giget fetches with the global fetch, and has no limit of its own.
 */
export async function withLimits<T>(run: () => Promise<T>): Promise<T> {
  const original = globalThis.fetch
  const refused: { error?: Error } = {}
  globalThis.fetch = async (...args) => {
    const response = await original(...args)
    return response.ok && response.body ? limited(response, response.body, refused) : response
  }
  try {
    return await run()
  } finally {
    globalThis.fetch = original
    // giget goes on with what it has of a download that failed.
    // oxlint-disable-next-line no-unsafe-finally -- whatever became of that, this is why
    if (refused.error) throw refused.error
  }
}

function limited(
  response: Response,
  body: ReadableStream<Uint8Array>,
  refused: { error?: Error },
): Response {
  const { status, statusText, headers } = response
  return new Response(body.pipeThrough(counter(refused)), { status, statusText, headers })
}

/** Passes everything on, and unpacks it beside to see how much it is. */
function counter(refused: { error?: Error }): TransformStream<Uint8Array, Uint8Array> {
  const gunzip = createGunzip()
  const count = { packed: 0, unpacked: 0 }
  // What is no archive is for who reads it to say.
  gunzip.on('error', () => {}).on('data', (part: Buffer) => (count.unpacked += part.length))
  const unpack = (part: Uint8Array) =>
    new Promise<void>((resolve) => {
      if (gunzip.destroyed) resolve()
      else gunzip.once('error', () => resolve()).write(part, () => resolve())
    })
  return new TransformStream({
    transform: async (part, controller) => {
      count.packed += part.length
      await unpack(part)
      if (Math.max(count.packed, count.unpacked) > limits.bytes) {
        gunzip.destroy()
        refused.error = tooLarge(`${limits.bytes / 1024 / 1024} MB`)
        throw refused.error
      }
      controller.enqueue(part)
    },
    flush: () => void gunzip.destroy(),
  })
}
