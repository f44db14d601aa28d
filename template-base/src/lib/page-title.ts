/** A page's `head`: its title, the app's after it, and what a search engine says about it. */
export const pageTitle = (title: string, description: string) => ({
  meta: [
    { title: `${title} · ${import.meta.env.VITE_APP_NAME}` },
    { name: 'description', content: description },
  ],
})
