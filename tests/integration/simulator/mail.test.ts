// The mail server beside the shops: a real client's messages end in the mailbox as their reader would see them.
import { createTransport } from "nodemailer";
import { afterAll, beforeAll, expect, it } from "vitest";

import { startSimulator, type RunningSimulator } from "../../simulator/server";

let running: RunningSimulator;
const SHOP = "kinari-tokyo.myshopify.com";
beforeAll(async () => {
  running = await startSimulator({
    apiKey: "test-api-key-0001",
    apiSecret: "test-api-secret-0123456789",
    seed: "none",
    extensionDir: "",
    tomlFile: "",
  });
});
afterAll(async () => running.stop());

const get = async (path: string) => fetch(new URL(path, running.addresses.shell));
const SUBJECT = "まもなく有効期限を迎えるポイントがあります：1,200ポイント（2026年12月31日まで）";

it("leads links to a shop's own domain to its storefront here, and keeps the message as it was sent", async () => {
  running.sim.addresses.storefronts[SHOP] = "http://localhost:9";
  const html = `<a href="https://${SHOP}/apps/kizuna/review?t=a">1</a><a href="https://elsewhere.example/${SHOP}/">2</a>`;
  const letter = { from: "a@kizuna.example", to: "links@example.jp", subject: "Links", html };
  await createTransport(running.addresses.mail).sendMail(letter);
  const { mail } = (await (await get("/control/mail?to=links@")).json()) as { mail: { id: string; html: string }[] };
  expect(mail[0]?.html.trimEnd()).toBe(html);
  const shown = await (await get(`/mailbox/${mail[0]?.id}/html`)).text();
  expect(shown).toContain('href="http://localhost:9/apps/kizuna/review?t=a"');
  expect(shown).toContain(`href="https://elsewhere.example/${SHOP}/"`);
  await fetch(new URL("/control/mail", running.addresses.shell), { method: "DELETE" });
});

it("keeps text, HTML and headers, and shows them without running anything", async () => {
  const transport = createTransport(running.addresses.mail);
  await transport.sendMail({
    from: '"きなり Kinari" <points@kizuna.example>',
    to: "sakura.yamamoto@example.jp",
    subject: SUBJECT,
    text: "1,200ポイントがまもなく失効します。\n=?と. で始まる行も\n.そのまま",
    html: '<p style="color:#333">1,200ポイント</p><script>alert(1)</script>',
    list: { unsubscribe: { url: "https://kizuna.example/unsubscribe/abc", comment: "" } },
    headers: { "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" },
  });
  const { count, mail } = (await (await get("/control/mail?to=SAKURA")).json()) as {
    count: number;
    mail: { id: string; headers: Record<string, string> }[];
  };
  expect(count).toBe(1);
  expect(mail[0]).toMatchObject({
    envelope: { from: "points@kizuna.example", to: ["sakura.yamamoto@example.jp"] },
    from: "きなり Kinari <points@kizuna.example>",
    to: "sakura.yamamoto@example.jp",
    subject: SUBJECT,
    html: '<p style="color:#333">1,200ポイント</p><script>alert(1)</script>',
  });
  expect((mail[0] as unknown as { text: string }).text.trimEnd()).toBe(
    "1,200ポイントがまもなく失効します。\n=?と. で始まる行も\n.そのまま",
  );
  expect(mail[0]?.headers["list-unsubscribe"]).toContain("https://kizuna.example/unsubscribe/abc");
  expect(mail[0]?.headers["list-unsubscribe-post"]).toBe("List-Unsubscribe=One-Click");

  const list = await (await get("/mailbox")).text();
  expect(list).toContain(SUBJECT);
  const shown = await (await get(`/mailbox/${mail[0]?.id}`)).text();
  expect(shown).toContain('sandbox="allow-popups');
  expect(shown).toContain("list-unsubscribe-post");
  expect(shown).not.toContain("<script>alert");
  const body = await get(`/mailbox/${mail[0]?.id}/html`);
  expect(body.headers.get("content-security-policy")).toMatch(/^sandbox (?!.*allow-scripts)/);
  expect((await get("/mailbox/1")).status).toBe(404);

  expect(await (await fetch(new URL("/control/mail", running.addresses.shell), { method: "DELETE" })).json()).toEqual({
    removed: 1,
  });
  expect(await (await get("/mailbox")).text()).toContain("data-empty");
});
