// What this order earns, on the thank-you and the order-status page; there its products can be reviewed as well.
import "@shopify/ui-extensions/preact";
import { render } from "preact";

import { host } from "./host";
import { OrderPoints } from "./order-points";
import { OrderReviews } from "./order-reviews";

export default function orderBlock(): void {
  const order = host().extension.target === "purchase.thank-you.block.render" ? undefined : host().order?.value?.id;
  render(
    <>
      <OrderPoints />
      {order !== undefined && <OrderReviews order={order} />}
    </>,
    document.body,
  );
}
