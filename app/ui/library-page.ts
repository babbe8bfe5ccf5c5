// The pages that Shopify's library writes: App Bridge, and at most one inline script that goes elsewhere. Pure.

/** Both scripts as the library writes them, and nothing else: whatever a page says besides is not ours to vouch for. */
const PAGE =
  /^\s*<script data-api-key="[^"<>]*" src="[^"<>]*"><\/script>\s*(?:<script>window\.open\("(?:[^"<>\\]|\\\\)*", "[a-z_]+"\)<\/script>\s*)?$/;

/** The library's page with its inline script under the nonce; any other text as it is. */
export function nonceLibraryScripts(html: string, nonce: string): string {
  return PAGE.test(html) ? html.replace("<script>", `<script nonce="${nonce}">`) : html;
}
