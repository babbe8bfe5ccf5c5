import { describe, expect, it } from "vitest";

import { nonceLibraryScripts } from "../../../app/ui/library-page";

const BRIDGE = '<script data-api-key="key-1" src="https://cdn.shopify.com/shopifycloud/app-bridge.js"></script>';
const page = (script: string) => `\n      ${BRIDGE}\n      ${script}\n    `;
const open = (address: string) => `<script>window.open(${JSON.stringify(new URL(address))}, "_top")</script>`;

describe("the pages of Shopify's library", () => {
  it.each([
    "https://admin.shopify.com/store/tokyo-test/apps/kizuna",
    "https://app.example/app?shop=tokyo-test.myshopify.com&name=%22%3C&path=a\\b",
  ])("get the nonce on the script that goes to %s", (address) => {
    expect(nonceLibraryScripts(page(open(address)), "bm9uY2U=")).toBe(
      page(open(address).replace("<script>", '<script nonce="bm9uY2U=">')),
    );
  });

  it.each([
    ["App Bridge alone", page("")],
    ["no page", "You made a POST request"],
    ["a script that does something else", page("<script>alert(1)</script>")],
    ["a second script", page(`${open("https://app.example/")}<script>alert(1)</script>`)],
    ["a script that goes on", page('<script>window.open("https://app.example/", "_top");alert(1)</script>')],
    ["an address that ends early", page('<script>window.open(""+alert(1)+"", "_top")</script>')],
    ["another element", page(`<img src="x">${open("https://app.example/")}`)],
    ["a script before", `<script>alert(1)</script>${page(open("https://app.example/"))}`],
  ])("stay as they are: %s", (_name, html) => {
    expect(nonceLibraryScripts(html, "bm9uY2U=")).toBe(html);
  });
});
