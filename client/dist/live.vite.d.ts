/**
 * The vite plugin of Live. `target` is the address of the app's server in development; default: `LIVE_URL`, else `http://127.0.0.1:8080`.
 * `devtools: false` leaves out the overlay for development.
 */
export default function live(options?: { target?: string; devtools?: boolean }): any
