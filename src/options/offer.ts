import type { Layer } from '../layers/layer.ts'
import type { Offer } from './questions.ts'

/** What of the built-in layers a user can choose: all but the first, the base. */
export function offerOf([, ...layers]: readonly Layer[]): Offer {
  return Object.fromEntries(
    layers.map(({ name, manifest }) => [
      name,
      {
        name,
        title: manifest.title,
        hint: manifest.description,
        choices: Object.entries(manifest.choices ?? {}).map(([choice, { title, oauthApp }]) => ({
          name: choice,
          title,
          hint: oauthApp ? `needs an OAuth app at ${hostOf(oauthApp.url)}` : '',
        })),
      },
    ]),
  )
}

/** The WHATWG parser would take three milliseconds to load. */
function hostOf(url: string): string {
  return /^https?:\/\/([^/]+)/.exec(url)?.[1] ?? url
}
