import { createServer, connect, type Socket } from 'node:net'

/** What a client meets in place of the server: a status, silence, or a closed connection. */
export type Fault = 502 | 503 | 'hang' | 'refuse'

export interface FaultyProxy {
  /** From now on; open connections end. Without a fault all goes through. */
  readonly fail: (fault?: Fault) => void
  /** How many connections have met a fault. */
  readonly met: () => number
  readonly close: () => Promise<void>
}

/** Stands on a port of loopback in front of another one, whatever is spoken on it. */
export async function startFaultyProxy(port: number, target: number): Promise<FaultyProxy> {
  let fault: Fault | undefined
  let met = 0
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
    return socket
  }
  const server = createServer((client) => {
    keep(client)
    if (fault !== undefined) met += 1
    if (fault === undefined) {
      const upstream = keep(connect(target, '127.0.0.1'))
      client.pipe(upstream).pipe(client)
      client.on('close', () => upstream.destroy())
      upstream.on('close', () => client.destroy())
    } else if (fault === 'refuse') {
      client.resetAndDestroy()
    } else if (fault !== 'hang') {
      const answer = `HTTP/1.1 ${fault} Fault\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`
      client.once('data', () => client.end(answer))
    }
  })
  const disconnect = () => sockets.forEach((socket) => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve)
  })
  return {
    fail: (next) => {
      fault = next
      disconnect()
    },
    met: () => met,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        disconnect()
      }),
  }
}
