// The one version of the Admin API that is served.
export const API_VERSION = "2026-07";
