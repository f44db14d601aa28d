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
          hint: oauthApp ? `needs an OAuth app at ${new URL(oauthApp.url).host}` : '',
        })),
      },
    ]),
  )
}
