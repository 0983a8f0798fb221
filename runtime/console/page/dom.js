// Makes and changes elements.

/**
 * Makes an element. Properties that start with `on` are listeners, all others are attributes; an attribute with the value null or false is
 * left out. Children are elements or text; text is never parsed as markup.
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

/** Replaces all children of an element. */
export function fill(el, ...children) {
  el.replaceChildren()
  append(el, children)
  return el
}

/** Returns a function that schedules fn before the next paint. Several calls until then run fn once. */
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

/** A new id for `for` and `aria-…`. */
export const newId = () => `e${++ids}`
