// @slot imports

/** An app registered with a provider; without both values, the provider is off. */
export const app = (clientId?: string, clientSecret?: string) =>
  clientId && clientSecret ? { clientId, clientSecret, mapProfileToUser } : undefined

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

/** A name or an image that this app can't take must not keep anybody out. */
export function mapProfileToUser({ name, login, email, avatar_url, picture }: Profile) {
  const names = [name, login, email].map((one) => one?.trim())
  const image = avatar_url ?? picture
  return {
    // By characters: half an emoji is not valid text.
    name: Array.from(names.find(Boolean) ?? '')
      .slice(0, 100)
      .join(''),
    image: image && image.length <= 2000 ? image : undefined,
  }
}
