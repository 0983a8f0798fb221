// Reads JSON Schema (draft 2020-12), as far as contracts use it.

/** Follows `$ref` into the contract's `$defs`. */
export function resolve(schema, defs) {
  const seen = new Set()
  while (schema && typeof schema === 'object' && schema.$ref && !seen.has(schema.$ref)) {
    seen.add(schema.$ref)
    const { $ref, ...beside } = schema
    const target = defs[decodeURIComponent($ref.replace(/^#\/\$defs\//, ''))] ?? {}
    schema = { ...target, ...beside }
  }
  return schema === true || !schema ? {} : schema
}

/** Separates null from the rest of a schema. Returns the schema without null, and whether it allowed null. */
export function withoutNull(schema, defs) {
  const s = resolve(schema, defs)
  if (Array.isArray(s.type) && s.type.includes('null')) {
    const rest = s.type.filter((t) => t !== 'null')
    const enumeration = s.enum?.filter((v) => v !== null)
    return { nullable: true, schema: { ...s, type: rest.length === 1 ? rest[0] : rest, ...(enumeration && { enum: enumeration }) } }
  }
  for (const word of ['anyOf', 'oneOf']) {
    const all = s[word]
    const rest = all?.filter((v) => resolve(v, defs).type !== 'null')
    if (!all || rest.length === all.length) continue
    return { nullable: true, schema: rest.length === 1 ? resolve(rest[0], defs) : { ...s, [word]: rest } }
  }
  if (Array.isArray(s.enum) && s.enum.includes(null)) return { nullable: true, schema: { ...s, enum: s.enum.filter((v) => v !== null) } }
  return { nullable: false, schema: s }
}

/** The kind of form field for a schema without null. */
export function fieldKind(s) {
  if ('const' in s) return 'const'
  if (Array.isArray(s.enum)) return 'choice'
  if (s.oneOf || s.anyOf) return 'union'
  if (s.contentEncoding === 'base64') return 'bytes'
  switch (s.type) {
    case 'string':
      return s.format === 'date-time' ? 'time' : 'text'
    case 'integer':
    case 'number':
      return 'number'
    case 'boolean':
      return 'flag'
    case 'array':
      return s.items && typeof s.items === 'object' ? 'list' : 'json'
    case 'object':
      return s.properties ? 'record' : 'json'
    default:
      return 'json'
  }
}

/** Whether a value of this schema contains bytes. */
export function holdsBytes(schema, defs, depth = 0) {
  const s = resolve(schema, defs)
  if (s.contentEncoding === 'base64') return true
  if (depth > 8) return false
  const parts = [...Object.values(s.properties ?? {}), ...(s.prefixItems ?? []), ...(s.oneOf ?? []), ...(s.anyOf ?? [])]
  if (s.items && typeof s.items === 'object') parts.push(s.items)
  return parts.some((p) => holdsBytes(p, defs, depth + 1))
}

/** The bounds of a schema in a few words, for people. */
export function bounds(s) {
  const words = []
  const range = (min, max, unit) => {
    if (min !== undefined && max !== undefined) words.push(min === max ? `exactly ${min}${unit}` : `${min} to ${max}${unit}`)
    else if (min !== undefined) words.push(`at least ${min}${unit}`)
    else if (max !== undefined) words.push(`at most ${max}${unit}`)
  }
  range(s.minLength, s.maxLength, ' characters')
  range(stated(s.minimum ?? s.exclusiveMinimum), stated(s.maximum ?? s.exclusiveMaximum), '')
  range(s.minItems, s.maxItems, ' items')
  if (s.pattern) words.push(`matches /${s.pattern}/`)
  if (s.format && s.format !== 'date-time') words.push(s.format)
  return words.join(', ')
}

/** The largest int, float and duration (in milliseconds). */
const largest = [Number.MAX_SAFE_INTEGER, Number.MAX_VALUE, 9_223_372_036_854]

/** A bound of a number, unless it is that of the type itself. */
const stated = (bound) => (largest.includes(Math.abs(bound)) ? undefined : bound)

/** A name for one alternative of a union: its title, its tag, or its type. */
export function alternativeName(schema, defs) {
  if (schema.$ref) return schema.$ref.split('/').pop()
  const s = resolve(schema, defs)
  if (s.title) return s.title
  for (const [name, p] of Object.entries(s.properties ?? {})) {
    const tag = resolve(p, defs)
    if ('const' in tag) return `${name}: ${tag.const}`
  }
  return 'const' in s ? JSON.stringify(s.const) : String(s.type ?? 'value')
}

/** Whether a value matches an alternative, by its tags or, if there are none, by its JSON type. */
export function fits(s, value, defs) {
  const tags = Object.entries(s.properties ?? {})
    .map(([name, p]) => [name, resolve(p, defs)])
    .filter(([, p]) => 'const' in p)
  if (tags.length > 0) return tags.every(([name, p]) => value?.[name] === p.const)
  if ('const' in s) return s.const === value
  const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
  return s.type === type || (s.type === 'integer' && Number.isInteger(value))
}
