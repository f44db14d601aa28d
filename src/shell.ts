import { relative, sep } from 'node:path'

/**
 * An argument that sh, PowerShell and cmd read the same way.
 *
 * @returns the word, in double quotes where it needs them; nothing when the
 *   three have no common form for it
 */
export function portableWord(word: string): string | undefined {
  // Not a comma: to PowerShell, `a,b` is a list, and arrives as two words.
  if (/^[A-Za-z0-9_./:+@#=-][A-Za-z0-9_./:+@#=~-]*$/.test(word)) {
    // A leading @ or # means something to PowerShell and sh.
    return /^[@#]/.test(word) ? `"${word}"` : word
  }
  // oxlint-disable-next-line no-control-regex -- control characters are the point
  return /["$`%!\\\u0000-\u001f\u007f]/.test(word) || word === '' ? undefined : `"${word}"`
}

/** A path in the form that every shell takes: with slashes. */
export function portablePath(path: string, separator: string): string {
  return separator === '\\' ? path.replaceAll('\\', '/') : path
}

/** What makes files what they were in the last commit; what is in a submodule stays, whatever git is set to. */
export const restoreCommand = (paths: string): string =>
  `git restore --no-recurse-submodules --source=HEAD --staged --worktree ${paths}`

/** What names to git, in any folder of a repository, the project that is below its top at `apps/web/`, or at it. */
export const pathspecOf = (prefix: string): string => `:(top,literal)${prefix}`

/** What commits a project: everything, or in a repository with other work what these paths name. */
export const commitCommands = (message: string, paths: string): string[] =>
  ['git add --all', `git commit -m ${portableWord(message) ?? '"Update"'}`].map((command) =>
    paths === '' ? command : `${command} ${paths}`,
  )

/** The way from a folder to a file, with slashes; empty where there is none to go. */
export function relativePath(folder: string, file: string): string {
  const path = portablePath(relative(folder, file), sep)
  // To cd, and to every other command, it would be a flag.
  return path.startsWith('-') ? `./${path}` : path
}

/** The same for a command that is typed in the folder: one word where every shell has it. */
export function typedPath(folder: string, file: string): string {
  const path = relativePath(folder, file) || '.'
  return portableWord(path) ?? path
}
