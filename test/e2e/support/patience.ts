/** How long a busy machine may take for what is there at once on another: a page, an element, a server. */
export const PATIENCE_MS = 60_000
