/** The hook of SvelteKit by which `.load(event)` works in universal load functions. */
export function handleFetch(input: { event: { request: Request }; request: Request; fetch: typeof fetch }): Promise<Response>
