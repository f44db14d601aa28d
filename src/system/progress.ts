/** How something that takes a while is shown. */
export interface Screen {
  /** Writes to standard output. */
  readonly print: (text: string) => void
  /** Lines can be written over. */
  readonly isLive: boolean
  /** The frames of the spinner. */
  readonly frames: readonly string[]
}

/**
 * Says that something is going on: a spinner with the time where lines can be
 * written over, else one line.
 *
 * @returns ends it; answers how many seconds it took
 */
export function startProgress(text: string, { print, isLive, frames }: Screen): () => number {
  const start = Date.now()
  const seconds = () => Math.round((Date.now() - start) / 1000)
  if (!isLive) {
    print(`${text} …\n`)
    return seconds
  }
  let turn = 0
  const draw = () => {
    const time = seconds() > 0 ? ` ${seconds()} s` : ''
    print(`\r\u001b[2K${frames[turn++ % frames.length]} ${text} …${time}`)
  }
  print('\u001b[?25l')
  draw()
  const timer = setInterval(draw, 100)
  return () => {
    clearInterval(timer)
    print('\r\u001b[2K\u001b[?25h')
    return seconds()
  }
}
