import { trim } from './call'
import { onServer } from './options'

const sorted = (_: string, value: unknown) =>
  value && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value

/** Makes one object for each list of arguments, and keeps it as long as it has a reader. @internal */
export function family<A extends unknown[], S>(make: (args: A, listed: (there: boolean) => void) => S): (...args: A) => S {
  const known = new Map<string, S>()
  return (...args) => {
    const key = JSON.stringify(trim(args), sorted)
    let one = known.get(key)
    if (!one) {
      one = make(args, (there) => {
        if (!there && known.get(key) === one) known.delete(key)
        else if (there && !known.has(key)) known.set(key, one!)
      })
      if (!onServer()) known.set(key, one)
    }
    return one
  }
}
