// The points of the signed-in customer on the account's profile page.
import "@shopify/ui-extensions/preact";
import { render } from "preact";

import { Account } from "./account";

export default function profileBlock(): void {
  render(<Account />, document.body);
}
