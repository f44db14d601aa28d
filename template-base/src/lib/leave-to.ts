/** Loads another page, and is pending as long as this one is on its way out. */
export function leaveTo(url: string): Promise<void> {
  location.assign(url)
  return shownAgain()
}

/** Resolves when the browser's Back shows this page as it was left, with all that was pending. */
export const shownAgain = () =>
  new Promise<void>((resolve) => {
    addEventListener('pageshow', () => resolve(), { once: true })
  })
