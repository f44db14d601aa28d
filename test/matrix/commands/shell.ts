import { spawn } from 'node:child_process'
import { cleanEnv } from '../../helpers/env.ts'

export interface Ended {
  readonly exitCode: number
  readonly output: string
}

interface Where {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** What is on standard input; nothing, closed, by default. */
  readonly input?: string
}

/** Runs a command as printed, in `sh`. */
export function sh(command: string, where: Where): Promise<Ended> {
  return collect(['sh', ['-c', command]], where)
}

/** The same at a terminal, where somebody types `answer` when a line ends with `prompt`. */
export function shAtTerminal(
  command: string,
  where: Where,
  { prompt, answer }: { prompt: RegExp; answer: string },
): Promise<Ended> {
  let typed = false
  return collect(['script', ['-qec', command, '/dev/null']], where, (screen) => {
    if (typed || !prompt.test(screen)) return undefined
    typed = true
    return `${answer}\r`
  })
}

function collect(
  [file, args]: [string, string[]],
  { cwd, env, input }: Where,
  answerTo?: (screen: string) => string | undefined,
): Promise<Ended> {
  const child = spawn(file, args, {
    cwd,
    env: cleanEnv({ ...env, SHELL: '/bin/sh', TERM: 'xterm-256color' }),
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let output = ''
  const take = (part: string) => {
    output += part
    const answer = answerTo?.(output)
    if (answer !== undefined) child.stdin.write(answer)
  }
  child.stdout.setEncoding('utf8').on('data', take)
  child.stderr.setEncoding('utf8').on('data', take)
  // Most commands end without reading it.
  child.stdin.on('error', () => undefined)
  if (!answerTo) child.stdin.end(input ?? '')
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ exitCode: code ?? -1, output }))
  })
}
