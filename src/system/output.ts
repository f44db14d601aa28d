import { writeSync } from 'node:fs'

/**
 * Writes text to a standard stream at once, without the stream objects, whose
 * set-up costs milliseconds. A reader that has gone away (`| head`, a closed terminal) is no error.
 */
export function writeOut(fd: 1 | 2, text: string): void {
  let rest = Buffer.from(text)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(fd, rest))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code !== undefined && GONE.includes(code)) return
      if (code !== 'EAGAIN') throw error
      return writeLater(fd, rest)
    }
  }
}

/** What a system says of a stream that nobody reads any more; EIO of a closed terminal. */
const GONE = ['EPIPE', 'EOF', 'EBADF', 'EIO', 'ENXIO']

/** A full pipe that doesn't block is the stream's business. */
function writeLater(fd: 1 | 2, rest: Buffer): void {
  const stream = fd === 1 ? process.stdout : process.stderr
  if (stream.listenerCount('error') === 0) stream.on('error', ignoreClosed)
  stream.write(rest)
}

function ignoreClosed(error: NodeJS.ErrnoException): void {
  if (!GONE.includes(error.code ?? '')) throw error
}
