// A customer's points on Shopify's customer page.
import "@shopify/ui-extensions/preact";
import { render } from "preact";

import { CustomerPoints } from "./customer-points";

export default function customerBlock(): void {
  render(<CustomerPoints />, document.body);
}
