import { spawn } from 'node:child_process'
import { inject } from 'vitest'
import { cleanEnv } from './env.ts'
import type { RunOptions } from './cli.ts'

/** The installed command on a pseudo-terminal of 80 columns. */
export interface Terminal {
  /** Waits until a text has appeared since the last wait. */
  readonly see: (text: string | RegExp) => Promise<void>
  readonly type: (keys: string) => void
  /** Closes the terminal's input. */
  readonly endInput: () => void
  /** Takes the terminal away, as closing its window does. */
  readonly close: () => void
  /** The end: exit code and all that was shown, without colours, and as it came. */
  readonly done: Promise<End>
}

interface End {
  readonly exitCode: number
  readonly screen: string
  readonly raw: string
}

export const keys = {
  enter: '\r',
  escape: '\u001b',
  ctrlC: '\u0003',
  down: '\u001b[B',
  space: ' ',
}

/** Opens a pseudo-terminal with `script` of util-linux, which every Linux has. */
export function openTerminal(
  args: readonly string[],
  { cwd, env, columns = 80 }: RunOptions & { readonly columns?: number },
): Terminal {
  const words = [process.execPath, inject('installed').bin, ...args]
  const command = `stty cols ${columns} rows 40; exec ${words.map(quoted).join(' ')}`
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd,
    env: cleanEnv({ TERM: 'xterm-256color', SHELL: '/bin/sh', ...env }),
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let screen = ''
  let raw = ''
  let seen = 0
  const waiting = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (part) => {
    raw += part
    screen += withoutCodes(part)
    for (const look of waiting) look()
  })
  const done = new Promise<End>((resolve) =>
    child.once('close', (code) => resolve({ exitCode: code ?? -1, screen, raw })),
  )
  const see = (text: string | RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        const rest = screen.slice(seen)
        const index = rest.search(
          typeof text === 'string' ? text.replace(/[^\w\s]/g, '\\$&') : text,
        )
        if (index < 0) return
        seen += index + 1
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      void done.then(() => reject(new Error(`No ${text} in:\n${screen}`)))
      look()
    })
  return {
    see,
    type: (text) => void child.stdin.write(text),
    close: () => void child.kill('SIGKILL'),
    endInput: () => void child.stdin.end(),
    done,
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}

function withoutCodes(text: string): string {
  // oxlint-disable-next-line no-control-regex -- escape sequences are the point
  return text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '')
}
