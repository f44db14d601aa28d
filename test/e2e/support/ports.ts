import { connect, createServer } from 'node:net'

// Below the range that systems take ports of outgoing connections from.
const FIRST = 20_000
const LAST = 29_999

/** Free ports on loopback, none of them twice, for servers that start later. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = []
  let port = FIRST + Math.floor(Math.random() * (LAST - FIRST))
  for (let tries = 0; ports.length < count; tries += 1) {
    if (tries > LAST - FIRST) throw new Error(`No ${count} free ports left`)
    port = port >= LAST ? FIRST : port + 1
    if (await isFree(port)) ports.push(port)
  }
  return ports
}

/** Whether nobody listens on the port, on no address of this machine. */
export function isFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(port, () => server.close(() => resolve(true)))
  })
}

/** Whether somebody does; asked without taking the port, even for a moment. */
export function isListening(port: number): Promise<boolean> {
  const socket = connect(port, 'localhost')
  return new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
  }).finally(() => socket.destroy())
}
