import { CliError } from '../errors.ts'
import type { Layer } from '../layers/layer.ts'
import { packageManagerNames } from '../package-managers.ts'
import type { PackageManager } from '../package-managers.ts'

/** What the program does; `create` goes without its name. */
export const commandNames = [
  'create',
  'add',
  'remove',
  'update',
  'setup',
  'env',
  'doctor',
  'layer',
] as const

export type CommandName = (typeof commandNames)[number]

/** What a question's answer is, and with it how its flag reads. */
export type Question = QuestionKind & {
  /** The commands that it is a flag of; without this, `create` alone. */
  readonly of?: readonly CommandName[]
  /** `--no-FLAG` says no. */
  readonly negatable?: boolean
}

type QuestionKind =
  | {
      readonly kind: 'directory'
      readonly help: string
      readonly default: string
    }
  | {
      /** What stands behind a command, without dashes. */
      readonly kind: 'words'
      readonly help: string
    }
  | {
      readonly kind: 'boolean'
      readonly help: string
      readonly short?: string
      readonly default?: boolean
      /** Without a flag and without a terminal there is no answer. */
      readonly required?: boolean
    }
  | {
      readonly kind: 'choice'
      readonly help: string
      readonly choices: readonly string[]
    }
  | {
      /** Choices of the built-in layer of this name, separated by commas. */
      readonly kind: 'choices'
      readonly help: string
      readonly default: readonly string[]
      readonly required: boolean
    }
  | {
      /** May be given more than once. */
      readonly kind: 'sources'
      readonly help: string
      readonly default: readonly string[]
    }
  | { readonly kind: 'port'; readonly help: string; readonly default: number }
  | { readonly kind: 'origin'; readonly help: string }
  | { readonly kind: 'name'; readonly help: string }
  /** Something on this disk. */
  | { readonly kind: 'path'; readonly help: string }
  | { readonly kind: 'version'; readonly help: string }

/** Of the kinds that take any value: its name in the help, an example, and what one looks like. */
export const freeValues: Partial<
  Record<
    Question['kind'],
    { readonly name: string; readonly example: string; readonly form: RegExp }
  >
> = {
  sources: { name: 'SOURCE', example: './my-layer', form: /^\.|:/ },
  port: { name: 'NUMBER', example: '3000', form: /^[0-9]+$/ },
  name: { name: 'NAME', example: 'my-app', form: /./ },
  path: { name: 'PATH', example: './package.tgz', form: /[./\\]/ },
  version: { name: 'VERSION', example: '1.0.0', form: /^(?:\d+\.|latest$)/ },
  origin: { name: 'URL', example: 'https://your-app.example', form: /^https?:/ },
}

/**
 * Everything that can be asked. Flags, help, prompts, defaults and types come
 * from this table; the order is the order of the help. A question with the
 * name of a built-in layer says whether the layer is taken, or what of it.
 */
export const questions = {
  directory: {
    kind: 'directory',
    help: 'where the app goes; the last part is its name',
    default: 'my-app',
  },
  words: {
    kind: 'words',
    help: 'what stands alone: the features to add or to remove, the folder of a layer',
    of: ['add', 'remove', 'layer'],
  },
  name: {
    kind: 'name',
    help: "the app's name, if not the folder's",
  },
  tailwind: {
    kind: 'boolean',
    help: 'Tailwind CSS instead of plain CSS',
    negatable: true,
    default: true,
    required: true,
  },
  social: {
    kind: 'choices',
    help: 'sign-in with these providers, or with none',
    negatable: true,
    default: [],
    required: true,
  },
  email: {
    kind: 'boolean',
    help: 'reset passwords, confirm addresses, by Resend',
    negatable: true,
    default: false,
  },
  layer: {
    kind: 'sources',
    help: 'a layer: ./FOLDER or github:USER/REPO; repeatable',
    default: [],
    of: ['create', 'add'],
  },
  pm: {
    kind: 'choice',
    help: 'package manager (default: the one that ran this)',
    choices: packageManagerNames,
  },
  install: {
    kind: 'boolean',
    help: 'install dependencies (default: yes)',
    negatable: true,
    default: true,
    of: ['create', 'add', 'remove', 'update'],
  },
  git: {
    kind: 'boolean',
    help: 'make a first git commit (default: yes)',
    negatable: true,
    default: true,
  },
  port: {
    kind: 'port',
    help: 'port of the app (default: 3000)',
    default: 3000,
  },
  setup: {
    kind: 'boolean',
    help: 'set up Convex and its variables (asked)',
    negatable: true,
    default: false,
  },
  to: {
    kind: 'version',
    help: 'to this version (default: the one that runs)',
    of: ['update'],
  },
  from: {
    kind: 'path',
    help: 'the package of the recorded version, a folder or a tarball',
    of: ['update'],
  },
  'allow-dirty': {
    kind: 'boolean',
    help: 'go on beside changes that are not committed',
    of: ['add', 'remove', 'update'],
  },
  'from-record': {
    kind: 'path',
    help: 'make the files of this record alone, for update',
  },
  apply: {
    kind: 'boolean',
    help: 'set what is missing on the deployment',
    of: ['env'],
  },
  check: {
    kind: 'boolean',
    help: 'only look; exits 1 if something is missing, or newer',
    of: ['env', 'update'],
  },
  prod: {
    kind: 'boolean',
    help: 'the production deployment',
    of: ['env'],
  },
  'site-url': {
    kind: 'origin',
    help: 'where the app is served, for SITE_URL',
    of: ['env'],
  },
  yes: {
    kind: 'boolean',
    help: 'ask nothing, take the defaults',
    short: 'y',
    of: ['create', 'update', 'setup', 'env'],
  },
  'dry-run': {
    kind: 'boolean',
    help: 'say what would be written, write nothing',
    of: ['create', 'add', 'remove', 'update'],
  },
  json: {
    kind: 'boolean',
    help: 'print one JSON document, ask nothing',
    of: commandNames,
  },
  verbose: {
    kind: 'boolean',
    help: "show programs' output and errors' stacks",
    of: commandNames,
  },
  color: {
    kind: 'boolean',
    help: 'colours, or none (also NO_COLOR)',
    negatable: true,
    of: commandNames,
  },
  help: { kind: 'boolean', help: 'show this', short: 'h', of: commandNames },
  version: { kind: 'boolean', help: 'show the version', short: 'v', of: commandNames },
} as const satisfies Record<string, Question>

export type QuestionName = keyof typeof questions

type ValueOf<Q extends Question> = Q extends { kind: 'boolean' }
  ? boolean
  : Q extends { kind: 'port' }
    ? number
    : Q extends { kind: 'choice'; choices: readonly (infer C)[] }
      ? C
      : Q extends { kind: 'choices' | 'sources' | 'words' }
        ? readonly string[]
        : string

/** What was said; what is absent was not said. */
export type Flags = {
  readonly [Q in QuestionName]?: ValueOf<(typeof questions)[Q]>
}

/** Built-in layers that can be taken or left. */
export type FeatureName = 'tailwind' | 'social' | 'email'

/** Questions whose answers decide what is generated and how it is set up. */
export type OptionName =
  'directory' | FeatureName | 'layer' | 'pm' | 'install' | 'git' | 'port' | 'setup'

/** Every one of them, answered. */
export type Options = {
  readonly [Q in OptionName]: ValueOf<(typeof questions)[Q]>
} & {
  /** The app's name, where it isn't the folder's. */
  readonly name?: string
}

/** Something of a layer that a user can take. */
export interface OfferItem {
  readonly name: string
  readonly title: string
  readonly hint: string
}

/** Built-in layer → what it is, and its choices: the answers that aren't in the table. */
export type Offer = Readonly<Record<string, OfferedLayer>>

/** A layer without choices is taken or left as a whole. */
export interface OfferedLayer extends OfferItem {
  readonly choices: readonly OfferItem[]
}

/** What of the built-in layers a user can choose: all but the first, the base. */
export function offerOf([, ...layers]: readonly Layer[]): Offer {
  const offered = layers.map(({ name, manifest: { title, description, choices = {} } }) => ({
    name,
    title,
    hint: description,
    choices: Object.entries(choices).map(([choice, { title: label, oauthApp }]) => ({
      name: choice,
      title: label,
      hint: oauthApp ? `needs an OAuth app at ${new URL(oauthApp.url).host}` : '',
    })),
  }))
  return Object.fromEntries(offered.map((layer) => [layer.name, layer]))
}

/** The flags of a command, in the order of the table. */
export function flagsOf(command: CommandName): QuestionName[] {
  return (Object.keys(questions) as QuestionName[]).filter((name) => {
    const { of = ['create'] }: Question = questions[name]
    return !['directory', 'words'].includes(name) && of.includes(command)
  })
}

/**
 * The values that a flag takes.
 *
 * @returns their names, or nothing where any value may stand
 */
export function valuesOf(name: QuestionName, offer: Offer): readonly string[] {
  const question: Question = questions[name]
  if (question.kind === 'choice') return question.choices
  if (question.kind !== 'choices') return []
  return offer[name]?.choices.map((choice) => choice.name) ?? []
}

/** A value that a flag could have. */
export function exampleOf(name: QuestionName, offer: Offer): string {
  return freeValues[questions[name].kind]?.example ?? valuesOf(name, offer)[0] ?? ''
}

/** Questions that have to be answered by someone: by a flag, at a prompt, or with `--yes`. */
const required = ['directory', 'tailwind', 'social'] as const

/**
 * What was said, with a default for each answer that wasn't given.
 *
 * @param packageManager - the one that ran us
 */
export function withDefaults(flags: Flags, packageManager: PackageManager): Options {
  return {
    directory: flags.directory ?? questions.directory.default,
    tailwind: flags.tailwind ?? questions.tailwind.default,
    social: flags.social ?? questions.social.default,
    email: flags.email ?? questions.email.default,
    layer: flags.layer ?? questions.layer.default,
    pm: flags.pm ?? packageManager,
    install: flags.install ?? questions.install.default,
    git: flags.git ?? questions.git.default,
    port: flags.port ?? questions.port.default,
    setup: flags.setup ?? questions.setup.default,
    ...(flags.name !== undefined && { name: flags.name }),
  }
}

/**
 * Where nobody can be asked, every question without a safe default has its answer.
 *
 * @param isNpm - npm runs us, which keeps flags, `--yes` among them, that aren't behind `--`
 * @throws CliError with exit code 2 that names what is missing in the words of the
 *   command line: `a directory`, `--tailwind or --no-tailwind`
 */
export function requireAnswers(flags: Flags, offer: Offer, isNpm = false): void {
  const missing = required.filter((name) => flags[name] === undefined)
  if (missing.length === 0) return
  const forms = missing.map((name) => {
    if (name === 'directory') return 'a directory'
    const values = valuesOf(name, offer).join(',')
    return `--${name}${values && ` ${values}`} or --no-${name}`
  })
  const why = flags.json ? 'With --json, nothing is asked.' : 'There is no terminal to ask on.'
  throw new CliError(`Missing: ${forms.join(', ')}. ${why}`, {
    exitCode: 2,
    fix: `Add what is missing, or --yes to take the defaults.${isNpm ? ' With npm create, flags go after --.' : ''}`,
  })
}
