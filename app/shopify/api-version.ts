/** The one Admin API and webhook version of the app; shopify.app.toml names the same (checked by the tidy test). */
export const API_VERSION = "2026-07";
