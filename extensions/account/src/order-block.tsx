// What this order earns, on the thank-you and the order-status page.
import "@shopify/ui-extensions/preact";
import { render } from "preact";

import { OrderPoints } from "./order-points";

export default function orderBlock(): void {
  render(<OrderPoints />, document.body);
}
