import { trim } from './call'
import { base64, write } from './codec'
import { onServer } from './options'

function sorted(this: any, name: string, value: unknown) {
  return value && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : base64.call(this, name, value)
}

/** Makes one object for each list of arguments, and keeps it as long as it has a reader. @internal */
export function family<A extends unknown[], S>(make: (args: A, listed: (there: boolean) => void) => S): (...args: A) => S {
  const known = new Map<string, S>()
  return (...args) => {
    const key = write(trim(args), sorted)
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
