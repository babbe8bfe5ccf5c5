// Believable addresses by country: the state keeps none, because nothing of ours may read them.
import type { SimCustomer, SimOrder, SimShop } from "../state";
import { num } from "./primitives";

const PLACES: Record<
  string,
  {
    address1: string;
    city: string;
    province: string;
    provinceCode: string;
    zip: string;
    country: string;
    phone: string;
  }
> = {
  JP: {
    address1: "神南1-2-3",
    city: "渋谷区",
    province: "東京都",
    provinceCode: "JP-13",
    zip: "150-0041",
    country: "Japan",
    phone: "+81300000000",
  },
  US: {
    address1: "120 Mercer Street",
    city: "New York",
    province: "New York",
    provinceCode: "NY",
    zip: "10012",
    country: "United States",
    phone: "+12125550100",
  },
  GB: {
    address1: "12 Borough Road",
    city: "London",
    province: "England",
    provinceCode: "ENG",
    zip: "SE1 1AA",
    country: "United Kingdom",
    phone: "+442075550100",
  },
};

/** The place a shop and its customers live in. */
export function placeOf(country: string): (typeof PLACES)[string] & { code: string } {
  const fallback = {
    address1: "1 Main Street",
    city: "Capital",
    province: "",
    provinceCode: "",
    zip: "10000",
    country,
    phone: "",
  };
  return { ...(PLACES[country] ?? fallback), code: country };
}

type Named = Pick<SimCustomer, "firstName" | "lastName" | "phone">;

/** billing_address and shipping_address of an order. */
export function orderAddress(shop: SimShop, customer: Named | null, order: SimOrder): Record<string, unknown> {
  const place = placeOf(shop.country);
  const firstName = customer?.firstName ?? "";
  const lastName = customer?.lastName ?? "";
  return {
    first_name: firstName,
    address1: place.address1,
    phone: customer?.phone ?? "",
    city: place.city,
    zip: place.zip,
    province: place.province,
    country: place.country,
    last_name: lastName,
    address2: null,
    company: order.isB2b ? "Sample Trading" : null,
    latitude: null,
    longitude: null,
    name: `${firstName} ${lastName}`.trim(),
    country_code: place.code,
    province_code: place.provinceCode,
  };
}

/** default_address of a customer. */
export function customerAddress(shop: SimShop, customer: SimCustomer): Record<string, unknown> {
  const place = placeOf(shop.country);
  return {
    id: num(customer.id),
    customer_id: num(customer.id),
    first_name: customer.firstName,
    last_name: customer.lastName,
    company: "",
    address1: place.address1,
    address2: "",
    city: place.city,
    province: place.province,
    country: place.country,
    zip: place.zip,
    phone: customer.phone ?? "",
    name: `${customer.firstName} ${customer.lastName}`.trim(),
    province_code: place.provinceCode,
    country_code: place.code,
    country_name: place.country,
    default: true,
  };
}
