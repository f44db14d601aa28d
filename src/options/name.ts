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

/** What a directory that is typed is relative to; a Context has it. */
export interface Surroundings {
  readonly cwd: string
  /** The user's. */
  readonly home: string
}

const windowsNames = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i

// oxlint-disable-next-line no-control-regex -- control characters are the point
const controlCharacters = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/

/** A `~` that is home: no shell expands it at a prompt or behind a `=`, and those of Windows never do. */
export const HOME = /^~(?=$|[/\\])/

/**
 * The folder that a user means; `..` may lead out of `cwd`: the user decides
 * where the app goes. Blanks around it came with it from the clipboard.
 */
export function resolveTarget(directory: string, { cwd, home }: Surroundings): Target {
  const typed = directory.trim().replace(HOME, () => home)
  const path = resolve(cwd, typed)
  const folder = basename(path)
  // The folder we are in can't be chosen: the app gets a name close to its own.
  const isGiven = path === cwd && reasonAgainst(folder) !== undefined
  return { typed, path, name: (isGiven ? suggest(folder) : undefined) ?? folder }
}

/**
 * Where the app goes, and its name.
 *
 * @param name - the app's, where it isn't the folder's
 * @throws CliError with exit code 2 when one of them can't be used
 */
export function requireTarget(typed: string, from: Surroundings, name?: string): Target {
  const [placeholder] = placeholders.exec(typed.trim()) ?? []
  if (placeholder !== undefined) {
    const message = `Only a shell knows what ${quote(placeholder)} stands for.`
    throw new CliError(message, { exitCode: 2, fix: 'Write the whole path.' })
  }
  const target = resolveTarget(typed, from)
  const folder = typed.trim() === '' ? '' : basename(target.path)
  const isFolder = !noFolders.some((pattern) => pattern.test(folder))
  const isNamed = name !== undefined && folder !== ''
  const problem = isNamed ? checkName(name) : checkDirectory(typed, from)
  if (problem) {
    const { message, suggestion = 'my-app' } = problem
    const fix = isNamed ? `--name ${suggestion}` : wayOn(problem, isFolder ? [folder] : [])
    throw new CliError(message, { exitCode: 2, fix })
  }
  if (name === undefined) return target
  if (!isFolder) {
    const message = `${quote(folder)} can't be a folder on every system.`
    throw new CliError(message, { exitCode: 2, fix: 'Choose another directory.' })
  }
  return { ...target, name }
}

/** What a shell would put a folder in the place of: `~ada/app`, `$HOME/app`, `%USERPROFILE%\app`. */
const placeholders = /^(?:~[^/\\]+|\$\w+|\$\{\w+\}|%\w+%)(?=[/\\])/

/** What a folder can't be called on every system; the last by its length. */
const noFolders = [controlCharacters, windowsNames, /^$|[. ]$/, /.{256}/]

/**
 * Another directory, or a name of its own for the app.
 *
 * @param folders - the directory's name, where it can be kept
 */
function wayOn({ suggestion }: NameProblem, folders: readonly string[]): string {
  const others = suggestion === undefined ? [] : [`Try ${suggestion}.`]
  const kept = folders.map(
    (folder) => `To keep the folder's name: --name ${suggest(folder) ?? 'my-app'}`,
  )
  return [...others, ...kept].join(' ') || 'Try my-app.'
}

/**
 * Checks where the app should go, as typed.
 *
 * @returns the problem, with a whole path as the suggestion; nothing when the directory is fine
 */
export function checkDirectory(typed: string, from: Surroundings): NameProblem | undefined {
  if (typed.trim() === '') {
    return { message: 'The directory has no name.', suggestion: 'my-app' }
  }
  const { name, typed: clean } = resolveTarget(typed, from)
  const problem = checkName(controlCharacters.test(clean) ? clean : name)
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
  const reason = reasonAgainst(name)
  if (reason === undefined) return undefined
  const problem = controlCharacters.test(name)
    ? 'holds a line break or another control character'
    : `can't be the app's name: ${reason}`
  const suggestion = suggest(name)
  const message = `${quote(name)} ${problem}.`
  return suggestion === undefined ? { message } : { message, suggestion }
}

function reasonAgainst(name: string): string | undefined {
  if (name === '') return 'it is empty'
  if (name.length > 214) return `it has ${name.length} characters, and npm allows 214`
  if (/^[._-]/.test(name)) return 'a package name starts with a letter or a digit'
  if (windowsNames.test(name)) return 'Windows reserves it for a device'
  if (name.endsWith('.')) return 'Windows drops a dot at the end'
  const { errors = [], warnings = [] } = validatePackageName(name)
  if (errors.length + warnings.length === 0) return undefined
  if (warnings.some((warning) => warning.includes('core module'))) {
    return 'it is the name of a Node core module'
  }
  if (/[^a-z0-9._~-]/.test(name)) return 'only lower-case a-z, 0-9 and - . _ may be in it'
  return errors[0] ?? warnings[0]
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
