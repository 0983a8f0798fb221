// Making and changing elements.

/**
 * Makes an element. Properties that start with `on` are listeners, all others attributes; null and false leave one out. Children are
 * elements or text: text is never markup.
 */
export function h(tag, props, ...children) {
  const el = document.createElement(tag)
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue
    if (name.startsWith('on')) el.addEventListener(name.slice(2), value)
    else el.setAttribute(name, value === true ? '' : value)
  }
  append(el, children)
  return el
}

function append(el, children) {
  for (const child of children) {
    if (Array.isArray(child)) append(el, child)
    else if (child !== null && child !== undefined && child !== false) el.append(child)
  }
}

/** Puts children in the place of all that an element holds. */
export function fill(el, ...children) {
  el.replaceChildren()
  append(el, children)
  return el
}

/** Gives a function that runs fn once before the next paint, however often it is called until then. */
export function perFrame(fn) {
  let asked = false
  return () => {
    if (asked) return
    asked = true
    requestAnimationFrame(() => {
      asked = false
      fn()
    })
  }
}

let ids = 0

/** A fresh id for `for` and `aria-…`. */
export const newId = () => `e${++ids}`
