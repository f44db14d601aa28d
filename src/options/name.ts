import { basename, resolve } from 'node:path'
import { CliError } from '../errors.ts'
import validatePackageName from 'validate-npm-package-name'

/** Why a name can't be used, as a sentence, and one that can. */
export interface NameProblem {
  readonly message: string
  readonly suggestion?: string
}

/** Where the app goes. */
export interface Target {
  /** As the user typed it. */
  readonly typed: string
  /** Absolute. */
  readonly path: string
  readonly name: string
}

const windowsNames = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i

// oxlint-disable-next-line no-control-regex -- control characters are the point
const controlCharacters = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/

/**
 * The folder that a user means; `..` may lead out of `cwd`: the user decides
 * where the app goes. Blanks around it came with it from the clipboard.
 */
export function resolveTarget(directory: string, cwd: string): Target {
  const typed = directory.trim()
  const path = resolve(cwd, typed)
  return { typed, path, name: nameFor(path, cwd) }
}

/** The folder's name; of the one we are in, which can't be chosen, a name close to it. */
function nameFor(path: string, cwd: string): string {
  const name = basename(path)
  return path === cwd && reasonAgainst(name) !== undefined ? (suggest(name) ?? name) : name
}

/**
 * Where the app goes, and its name.
 *
 * @param name - the app's, where it isn't the folder's
 * @throws CliError with exit code 2 when one of them can't be used
 */
export function requireTarget(typed: string, cwd: string, name?: string): Target {
  if (name !== undefined) return requireNamedTarget(resolveTarget(typed, cwd), name)
  const { message, suggestion } = checkDirectory(typed, cwd) ?? {}
  if (message === undefined) return resolveTarget(typed, cwd)
  const fix = suggestion === undefined ? {} : { fix: `Try ${suggestion}.` }
  throw new CliError(message, { exitCode: 2, ...fix })
}

function requireNamedTarget(target: Target, name: string): Target {
  const problem = checkName(name)
  if (problem) {
    const fix = problem.suggestion === undefined ? '--name my-app' : `--name ${problem.suggestion}`
    throw new CliError(problem.message, { exitCode: 2, fix })
  }
  const folder = basename(target.path)
  if (controlCharacters.test(folder) || windowsNames.test(folder) || /[. ]$/.test(folder)) {
    throw new CliError(`${quote(folder)} can't be a folder on every system.`, { exitCode: 2 })
  }
  return { ...target, name }
}

/** Why a directory can't be used, without the directory: for a line that may be short. */
export function reasonAlone(message: string, path: string): string {
  const [, reason] = /^".*" can't be the app's name: (.*)$/s.exec(message) ?? []
  return (reason ?? message.replace(path, 'It')).replace(/^./, (letter) => letter.toUpperCase())
}

/**
 * Checks where the app should go, as typed.
 *
 * @returns the problem, with a whole path as the suggestion; nothing when the directory is fine
 */
export function checkDirectory(typed: string, cwd: string): NameProblem | undefined {
  if (typed.trim() === '') {
    return { message: 'The directory has no name.', suggestion: 'my-app' }
  }
  const { name, typed: clean } = resolveTarget(typed, cwd)
  const problem = controlCharacters.test(clean) ? controlProblem(clean) : checkName(name)
  if (!problem?.suggestion || name === typed) return problem
  const parent = typed.slice(0, -name.length)
  return typed.endsWith(name) && !controlCharacters.test(parent)
    ? { ...problem, suggestion: parent + suggest(name) }
    : { message: problem.message }
}

/**
 * Checks the app's name: it is the name of a folder and of an npm package, and
 * both have to work on every system the app may be cloned to.
 *
 * @returns the problem; nothing when the name is fine
 * @see https://docs.npmjs.com/cli/configuring-npm/package-json#name
 * @see https://learn.microsoft.com/windows/win32/fileio/naming-a-file
 */
export function checkName(name: string): NameProblem | undefined {
  if (controlCharacters.test(name)) return controlProblem(name)
  const reason = reasonAgainst(name)
  return reason === undefined
    ? undefined
    : problem(`${quote(name)} can't be the app's name: ${reason}.`, name)
}

function reasonAgainst(name: string): string | undefined {
  if (name === '') return 'it is empty'
  if (name.length > 214) {
    return `it has ${name.length} characters, and npm allows 214`
  }
  if (/^[._-]/.test(name)) {
    return 'a package name starts with a letter or a digit'
  }
  if (windowsNames.test(name)) return 'Windows reserves it for a device'
  if (name.endsWith('.')) return 'Windows drops a dot at the end'
  return packageReason(name)
}

function packageReason(name: string): string | undefined {
  const { errors = [], warnings = [] } = validatePackageName(name)
  if (errors.length + warnings.length === 0) return undefined
  if (warnings.some((warning) => warning.includes('core module'))) {
    return 'it is the name of a Node core module'
  }
  if (/[^a-z0-9._~-]/.test(name)) {
    return 'only lower-case a-z, 0-9 and - . _ may be in it'
  }
  return errors[0] ?? warnings[0]
}

function controlProblem(name: string): NameProblem {
  return problem(`${quote(name)} holds a line break or another control character.`, name)
}

function problem(message: string, name: string): NameProblem {
  const suggestion = suggest(name)
  return suggestion === undefined ? { message } : { message, suggestion }
}

/** A name close to the given one that passes; none when too little of it is left. */
function suggest(name: string): string | undefined {
  const slug = name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[^a-z0-9._]+/g, '-')
    .replace(/^[._-]+|[._-]+$/g, '')
  return [slug, `${slug}-app`].find(
    (candidate) => slug !== '' && candidate.length <= 60 && reasonAgainst(candidate) === undefined,
  )
}

/** Quoted, on one line and not too long, so that an odd name can't disturb a terminal. */
export function quote(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 57)}…` : text
  return JSON.stringify(short).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
