const RealDate = globalThis.Date

/**
 * Moves what the program takes for now.
 *
 * @param {() => number} offset in milliseconds
 */
export function shiftDate(offset) {
  const now = () => RealDate.now() + offset()
  // A function, not a class: Date() without `new` is allowed.
  globalThis.Date = new Proxy(RealDate, {
    apply: () => new RealDate(now()).toString(),
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  })
}
