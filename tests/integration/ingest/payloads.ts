// Bodies as Shopify sends them, cut to what matters here; amounts in yen.
export interface OrderBody {
  id: number | string;
  shopNumber: number | string;
  updatedAt: Date;
  createdAt?: Date;
  amount?: number;
  quantity?: number;
  financialStatus?: string;
  customer?: number | null;
  cancelledAt?: Date | null;
  refunds?: RefundBody[];
  test?: boolean;
  statusUrl?: string | null;
}
export interface RefundBody {
  id: number;
  orderId: number | string;
  createdAt: Date;
  quantity: number;
  amount: number;
  status?: "success" | "pending" | "failure";
}

const yen = (amount: number) => ({
  shop_money: { amount: String(amount), currency_code: "JPY" },
  presentment_money: { amount: String(amount), currency_code: "JPY" },
});
const lineId = (orderId: number | string) => `${orderId}1`;

/** The body of orders/*. Ids are written as bare numbers, as Shopify does, however long they are. */
export function orderBody(order: OrderBody): string {
  const { amount = 1_000, quantity = 1, customer = 7 } = order;
  const createdAt = (order.createdAt ?? order.updatedAt).toISOString();
  const url =
    order.statusUrl === undefined
      ? `https://x.myshopify.com/${order.shopNumber}/orders/token/authenticate?key=k`
      : order.statusUrl;
  return bare({
    id: `#${order.id}#`,
    admin_graphql_api_id: `gid://shopify/Order/${order.id}`,
    name: `#${order.id}`,
    created_at: createdAt,
    processed_at: createdAt,
    updated_at: order.updatedAt.toISOString(),
    cancelled_at: order.cancelledAt?.toISOString() ?? null,
    currency: "JPY",
    presentment_currency: "JPY",
    email: "hanako@example.com",
    customer: customer === null ? null : { id: customer, admin_graphql_api_id: `gid://shopify/Customer/${customer}` },
    tags: "",
    source_name: "web",
    test: order.test ?? false,
    taxes_included: true,
    financial_status: order.financialStatus ?? "paid",
    fulfillment_status: null,
    payment_gateway_names: ["bogus"],
    order_status_url: url,
    line_items: [
      {
        id: `#${lineId(order.id)}#`,
        admin_graphql_api_id: `gid://shopify/LineItem/${lineId(order.id)}`,
        product_id: null,
        variant_id: null,
        title: "湯のみ",
        quantity,
        current_quantity: quantity - (order.refunds ?? []).reduce((total, refund) => total + refund.quantity, 0),
        price_set: yen(amount),
        gift_card: false,
        vendor: "工房",
        tax_lines: [],
        discount_allocations: [],
      },
    ],
    shipping_lines: [],
    total_tip_received: "0",
    fulfillments: [],
    refunds: (order.refunds ?? []).map(refundObject),
  });
}

function refundObject(refund: RefundBody) {
  return {
    id: refund.id,
    admin_graphql_api_id: `gid://shopify/Refund/${refund.id}`,
    order_id: `#${refund.orderId}#`,
    created_at: refund.createdAt.toISOString(),
    refund_line_items: [
      {
        line_item_id: `#${lineId(refund.orderId)}#`,
        quantity: refund.quantity,
        subtotal_set: yen(refund.amount),
        total_tax_set: yen(0),
        line_item: { admin_graphql_api_id: `gid://shopify/LineItem/${lineId(refund.orderId)}` },
      },
    ],
    refund_shipping_lines: [],
    order_adjustments: [],
    duties: [],
    transactions: [{ status: refund.status ?? "success", amount: String(refund.amount) }],
  };
}

/** The body of refunds/create. */
export function refundBody(refund: RefundBody): string {
  return bare(refundObject(refund));
}

/** JSON with "#123#" as the bare number 123: numbers JavaScript could not hold. */
function bare(value: unknown): string {
  return JSON.stringify(value).replace(/"#(\d+)#"/g, "$1");
}
