// What a package manager, vitest and CI put into it.
const NOT_OURS =
  /^npm_|^(?:FORCE|NO)_COLOR$|^(?:CI|NODE_ENV|TEST|DEV|PROD|SSR|MODE|BASE_URL)$|^VITE/i

/** The environment as a user's shell has it. */
export function cleanEnv(
  changes: Readonly<Record<string, string | undefined>> = {},
): Record<string, string | undefined> {
  const own = Object.entries(process.env).filter(([name]) => !NOT_OURS.test(name))
  return { ...Object.fromEntries(own), ...changes }
}
