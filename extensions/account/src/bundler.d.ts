/** Written in by the bundler. */
declare const process: { env: { SHOPIFY_APP_URL: string } };
