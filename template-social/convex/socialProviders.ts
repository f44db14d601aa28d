// @slot imports

/**
 * An app registered with a provider; without both values, the provider is off. What
 * Better Auth makes of a profile there, the third replaces in part.
 */
export const app = <Profile>(
  clientId?: string,
  clientSecret?: string,
  mapProfileToUser?: (profile: Profile) => { name?: string; image?: string },
) => (clientId && clientSecret ? { clientId, clientSecret, mapProfileToUser } : undefined)

export const socialProviders = () => ({
  // @slot providers
})

interface Profile {
  name?: string | null
  login?: string
  email?: string | null
  avatar_url?: string | null
  picture?: string
}

/** A name or an image that is missing or endless must not keep anybody out. */
export function toUser({ name, login, email, avatar_url, picture }: Profile) {
  const given = [name, login, email].map((one) => one?.trim()).find(Boolean) ?? ''
  const image = avatar_url ?? picture
  return {
    // By characters: half an emoji is not valid text.
    name: Array.from(given).slice(0, 100).join(''),
    image: image && image.length <= 2000 ? image : undefined,
  }
}
