const VITE_CONVEX_URL = import.meta.env.VITE_CONVEX_URL
const VITE_CONVEX_SITE_URL = import.meta.env.VITE_CONVEX_SITE_URL

/** While it isn't, every page says so. A build knows, and leaves that page out if it can. */
export const isConfigured = !!VITE_CONVEX_URL && !!VITE_CONVEX_SITE_URL

export const missingEnv = () =>
  Object.entries({ VITE_CONVEX_URL, VITE_CONVEX_SITE_URL }).flatMap(([name, value]) =>
    value ? [] : name,
  )

// Never called while a variable is missing, but the clients insist on a URL.
const placeholder = 'https://not-configured.invalid'

// With a slash at its end, every path that is put behind it would be another one.
const base = (url = '') => url.replace(/\/+$/, '') || placeholder

export const convexUrl = base(VITE_CONVEX_URL)
export const convexSiteUrl = base(VITE_CONVEX_SITE_URL)
