// @slot imports

/** An app registered with a provider; without both values, the provider is off. */
export const app = (clientId?: string, clientSecret?: string) =>
  clientId && clientSecret ? { clientId, clientSecret } : undefined

export const socialProviders = () => ({
  // @slot providers
})
