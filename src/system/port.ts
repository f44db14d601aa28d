import { createConnection } from 'node:net'

/** The port that a local site is served at. */
export const portOf = (siteUrl: string): number => Number(new URL(siteUrl).port || 80)

/** Whether a program listens on a port of this machine. */
export async function isInUse(port: number): Promise<boolean> {
  const answers = await Promise.all(['127.0.0.1', '::1'].map((host) => accepts(host, port)))
  return answers.includes(true)
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: 500 })
    const answer = (taken: boolean) => {
      socket.destroy()
      resolve(taken)
    }
    socket.once('connect', () => answer(true))
    socket.once('error', () => answer(false)).once('timeout', () => answer(false))
  })
}
