// What Shopify's own library has to say, in our log.
import { LogSeverity } from "@shopify/shopify-api";

import { log } from "../log.server";

// The library cuts none by itself, and an error may quote the answer or the header it stumbled over.
const TOKENS = /\bshp[a-z]{2}_\w+|\beyJ[\w-]+\.[\w-]+\.[\w-]*/g;

/** The library tells each request at "info": for us that is detail. */
export function passLibraryLog(severity: LogSeverity, message: string): void {
  const text = message.replace(TOKENS, "[cut]");
  if (severity === LogSeverity.Error) log().error({ from: "shopify" }, text);
  else if (severity === LogSeverity.Warning) log().warn({ from: "shopify" }, text);
  else log().debug({ from: "shopify" }, text);
}
