import { packageManagerNames } from '../package-managers.ts'

/** What the program does; `create` goes without its name. */
export const commandNames = ['create', 'setup', 'env', 'doctor'] as const

export type CommandName = (typeof commandNames)[number]

/** What a question's answer is, and with it how its flag reads. */
export type Question = QuestionKind & {
  /** The commands that it is a flag of; without this, `create` alone. */
  readonly of?: readonly CommandName[]
}

type QuestionKind =
  | {
      readonly kind: 'directory'
      readonly help: string
      readonly default: string
    }
  | {
      readonly kind: 'boolean'
      readonly help: string
      readonly short?: string
      /** `--no-FLAG` says no. */
      readonly negatable?: boolean
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
      readonly placeholder: string
      readonly default: readonly string[]
    }
  | { readonly kind: 'port'; readonly help: string; readonly default: number }
  | { readonly kind: 'origin'; readonly help: string }
  | { readonly kind: 'name'; readonly help: string }

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
    default: [],
    required: true,
  },
  layer: {
    kind: 'sources',
    help: 'a layer: ./FOLDER or github:USER/REPO; repeatable',
    placeholder: 'SOURCE',
    default: [],
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
  apply: {
    kind: 'boolean',
    help: 'set what is missing on the deployment',
    of: ['env'],
  },
  check: {
    kind: 'boolean',
    help: 'compare with the deployment; exits 1 if any is missing',
    of: ['env'],
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
    of: ['create', 'setup', 'env'],
  },
  'dry-run': {
    kind: 'boolean',
    help: 'list the files, write nothing',
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
      : Q extends { kind: 'choices' | 'sources' }
        ? readonly string[]
        : string

/** What was said; what is absent was not said. */
export type Flags = {
  readonly [Q in QuestionName]?: ValueOf<(typeof questions)[Q]>
}

/** Questions whose answers decide what is generated and how it is set up. */
export type OptionName =
  'directory' | 'tailwind' | 'social' | 'layer' | 'pm' | 'install' | 'git' | 'port' | 'setup'

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
export type Offer = Readonly<Record<string, OfferItem & { readonly choices: readonly OfferItem[] }>>

/** The flags of a command, in the order of the table. */
export function flagsOf(command: CommandName): QuestionName[] {
  return (Object.keys(questions) as QuestionName[]).filter((name) => {
    const { of = ['create'] }: Question = questions[name]
    return name !== 'directory' && of.includes(command)
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
