import { useHydrated } from '@tanstack/react-router'
import { useEffect } from 'react'
import { IconSelect } from './ui/icon-select'

/**
 * Puts the chosen theme on the page, or the system's. The document's head runs
 * it as text, before the first paint: it must use nothing from outside itself.
 */
export function showTheme() {
  const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
  let cookies = ''
  try {
    cookies = document.cookie
  } catch {
    // The browser blocks the site's data: the system's it is.
  }
  const chosen = /(?:^|; )theme=(light|dark)/.exec(cookies)?.[1]
  document.documentElement.className = chosen ?? system
  return chosen
}

function chooseTheme(theme: string) {
  try {
    document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`
  } catch {
    // As above.
  }
  // Where nothing is kept, it lasts until the page is left.
  if (!showTheme() && theme !== 'system') document.documentElement.className = theme
}

export function ThemeSwitch() {
  useEffect(() => {
    const system = matchMedia('(prefers-color-scheme: dark)')
    system.addEventListener('change', showTheme)
    return () => system.removeEventListener('change', showTheme)
  }, [])

  return (
    <IconSelect
      aria-label="Theme"
      icon={<HalfMoon />}
      disabled={!useHydrated()}
      ref={(select) => {
        if (select) select.value = showTheme() ?? 'system'
      }}
      onChange={({ target }) => {
        chooseTheme(target.value)
      }}
    >
      <option value="system">System</option>
      <option value="light">Light</option>
      <option value="dark">Dark</option>
    </IconSelect>
  )
}

const HalfMoon = () => (
  <svg viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
    <circle cx="8" cy="8" r="6.25" />
    <path d="M8 1.75a6.25 6.25 0 0 1 0 12.5z" fill="currentColor" />
  </svg>
)
