import { execFileSync } from 'node:child_process'

const PROGRAMS = ['npm', 'npx', 'pnpm', 'yarn', 'bun', 'bunx', 'cd']

/** What `sh` passes: every program is replaced by a function that prints its arguments. */
export function shArgv(command: string): string[] {
  const stubs = PROGRAMS.map((name) => `${name}() { printf '%s\\0' ${name} "$@"; }`)
  const script = [...stubs, command].join('\n')
  const output = execFileSync('sh', ['-c', script], { encoding: 'utf8' })
  return output.split('\0').slice(0, -1)
}

/**
 * Splits a command as PowerShell does for a program (argument mode).
 *
 * npm, pnpm and yarn are `.ps1` scripts there, which are given an array in the
 * place of words with an unquoted comma: that is an error here.
 *
 * @throws when the line is more than one plain command
 * @see https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_parsing
 * @see https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules
 */
export function powerShellArgv(command: string): string[] {
  const argv: string[] = []
  let rest = command.trimStart()
  while (rest !== '') {
    const [word, length] = powerShellWord(rest)
    argv.push(word)
    rest = rest.slice(length).trimStart()
  }
  return argv
}

const POWERSHELL_PART =
  /'((?:[^'‘-‛]|'')*)'|"((?:[^"`$“-„]|""|`.|\$(?![\w({$?^:]))*)"|`(.)|([^\s'"`$,;|&(){}<>‘-„]|\$(?![\w({$?^:]))/suy

function powerShellWord(text: string): [word: string, length: number] {
  if (/^[@#%]|^--%/.test(text)) {
    throw new Error(`PowerShell gives its own meaning to ${text}`)
  }
  let word = ''
  POWERSHELL_PART.lastIndex = 0
  let end = 0
  while (end < text.length && !/\s/.test(text.charAt(end))) {
    const part = POWERSHELL_PART.exec(text)
    if (!part) throw new Error(`PowerShell stops at ${text.slice(end)}`)
    const [, single, double, escaped, plain] = part
    word +=
      single?.replaceAll("''", "'") ??
      double?.replaceAll(/""|`(.)/gsu, (_, char?: string) => char ?? '"') ??
      escaped ??
      plain
    end = POWERSHELL_PART.lastIndex
  }
  return [word, end]
}

/**
 * Splits a command as cmd and then the C runtime of the started program do.
 *
 * @throws when cmd would give a character its own meaning
 * @see https://learn.microsoft.com/windows-server/administration/windows-commands/cmd
 * @see https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments
 */
export function cmdArgv(command: string): string[] {
  return cRuntimeArgv(cmdLine(command))
}

/** The line that cmd passes on: quotes stay, carets outside of them go. */
function cmdLine(command: string): string {
  let quoted = false
  let line = ''
  for (let at = 0; at < command.length; at += 1) {
    const char = command.charAt(at)
    // Variables are expanded inside quotes, too; `!` only with delayed expansion, which is off.
    if (char === '%' || char === '\n') throw new Error(`cmd expands ${command}`)
    if (char === '"') quoted = !quoted
    if (!quoted && /[&|<>()]/.test(char)) {
      throw new Error(`cmd stops at ${command.slice(at)}`)
    }
    if (!quoted && char === '^') line += command.charAt((at += 1))
    else line += char
  }
  return line
}

function cRuntimeArgv(line: string): string[] {
  const argv: string[] = []
  let word: string | undefined
  let quoted = false
  // 2n backslashes before a quote are n, and one more makes it a character.
  for (const [part] of line.matchAll(/\\*"|\\+|[^\\"]/gsu)) {
    if (/^\s$/.test(part) && !quoted) {
      if (word !== undefined) argv.push(word)
      word = undefined
    } else if (part.endsWith('"')) {
      const slashes = part.length - 1
      word = (word ?? '') + '\\'.repeat(slashes / 2)
      if (slashes % 2 === 1) word += '"'
      else quoted = !quoted
    } else word = (word ?? '') + part
  }
  return word === undefined ? argv : [...argv, word]
}
