/** A page's `head`: its title, and the app's after it. */
export const pageTitle = (title: string) => ({
  meta: [{ title: `${title} · ${import.meta.env.VITE_APP_NAME}` }],
})
