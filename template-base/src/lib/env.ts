const required = {
  VITE_CONVEX_URL: import.meta.env.VITE_CONVEX_URL,
  VITE_CONVEX_SITE_URL: import.meta.env.VITE_CONVEX_SITE_URL,
}

/** Names of the variables that are missing; while there are any, every page says so. */
export const missingEnv = Object.entries(required)
  .filter(([, value]) => !value)
  .map(([name]) => name)

// Never called while a variable is missing, but the clients insist on a URL.
const placeholder = 'https://not-configured.invalid'

export const convexUrl = required.VITE_CONVEX_URL || placeholder
export const convexSiteUrl = required.VITE_CONVEX_SITE_URL || placeholder
