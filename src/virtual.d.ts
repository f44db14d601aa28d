/** Made by scripts/build.ts from the `.hbs` files of the built-in layers. */
declare module 'virtual:templates' {
  export const templates: import('./layers/pack.ts').Templates
}

declare module 'semver/functions/satisfies.js' {
  /** Whether a version is in a range; not where either is none. */
  export default function satisfies(
    version: string,
    range: string,
    options?: { includePrerelease?: boolean },
  ): boolean
}
