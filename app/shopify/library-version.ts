import { ApiVersion } from "@shopify/shopify-api";

import { API_VERSION } from "./api-version";

/** The library's name for our one API version. @throws Error when the library does not know it */
export function libraryVersion(): ApiVersion {
  const version = Object.values(ApiVersion).find((each) => String(each) === API_VERSION);
  if (!version) throw new Error(`Shopify's library does not know API version ${API_VERSION}`);
  return version;
}
