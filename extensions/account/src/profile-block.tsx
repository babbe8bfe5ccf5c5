// The points of the signed-in customer on the account's profile page, and what they bought and may review.
import "@shopify/ui-extensions/preact";
import { render } from "preact";

import { Account } from "./account";
import { OrderReviews } from "./order-reviews";

export default function profileBlock(): void {
  render(
    <>
      <Account />
      <OrderReviews order={null} />
    </>,
    document.body,
  );
}
