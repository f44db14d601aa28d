/** Made by scripts/build.ts from the `.hbs` files of the built-in layers. */
declare module 'virtual:templates' {
  export const templates: import('./layers/pack.ts').Templates
}

declare module 'virtual:releases' {
  export const releases: readonly import('./update/releases.ts').Release[]
}
