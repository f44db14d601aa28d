/**
 * A button that waits is disabled, and the browser takes the focus from it. Call this before, and
 * what it answers once the button is enabled again: it gives the focus back if nothing else has it.
 */
export function keepFocus() {
  const holder = document.activeElement
  return () => {
    if (document.activeElement === document.body && holder instanceof HTMLElement) holder.focus()
  }
}
