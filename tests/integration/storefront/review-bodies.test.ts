// What arrives at the review pages' doors beside well-made forms: broken bodies, unsigned addresses, single files.
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { useTestDatabase } from "../../setup/postgres";
import { documentOf, fieldOf, newVisitor, ReviewSite } from "./review-site";

useTestDatabase();
let site: ReviewSite;

beforeAll(async () => {
  site = await ReviewSite.open("pages-bodies.myshopify.com", { primaryLocale: "en" });
});
afterAll(() => site.close());

const photo = (color: string) =>
  sharp({ create: { width: 64, height: 48, channels: 3, background: color } })
    .png()
    .toBuffer();

describe("bodies that are none of ours", () => {
  const raw = async (body: BodyInit, type: string | null) => {
    const response = await fetch(site.url("review"), {
      method: "POST",
      body,
      headers: { ...(type === null ? {} : { "content-type": type }), "x-forwarded-for": newVisitor() },
    });
    return { status: response.status, text: await response.text() };
  };

  it("answers every broken body with a page", async () => {
    const boundary = "multipart/form-data; boundary=x";
    const cases: [BodyInit, string | null, number][] = [
      ["{}", "application/json", 400],
      ["t=1", "text/plain", 400],
      ["", "multipart/form-data", 400],
      ['--x\r\nContent-Disposition: form-data; name="t"\r\n\r\nhalf', boundary, 400],
      ["no boundary at all", boundary, 400],
      ['--x\r\nContent-Disposition: form-data; name="photo.1"; filename="a.png"\r\n\r\nhalf a file', boundary, 400],
      [
        `--x\r\nContent-Disposition: form-data; name="photo.1"; filename="a.png"\r\n\r\n${"p".repeat(300_000)}`,
        boundary,
        400,
      ],
      [`--x\r\nContent-Disposition: form-data\r\n\r\nnameless\r\n--x--\r\n`, boundary, 403],
      ["%E0%A4%A=%00&t=%FF", "application/x-www-form-urlencoded", 404],
      [`body.1=${"a".repeat(600_000)}`, "application/x-www-form-urlencoded", 413],
      [
        Array.from(
          { length: 700 },
          (_, index) => `--x\r\nContent-Disposition: form-data; name="f${index}"\r\n\r\nv\r\n`,
        ).join("") + "--x--\r\n",
        boundary,
        413,
      ],
    ];
    for (const [body, type, status] of cases) {
      const answer = await raw(body, type);
      expect([type, status, answer.status]).toEqual([type, status, status]);
      expect(answer.text).toContain("<!doctype html>");
    }
  });

  it("E01 answers an unsigned or altered address with a page that says what to do", async () => {
    const answer = await fetch(`${site.origin}/proxy/review?t=x`, { headers: { "accept-language": "ja" } });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("もう一度ページを開いてください");
    const never = await fetch(site.url("review", {}, "", { shop: "never-was.myshopify.com" }));
    expect(never.status).toBe(404);
  });
});

describe("the door of files", () => {
  it("takes one file for a ticket, says why it takes another not, and gives one back", async () => {
    const invited = await site.invite(["Files"]);
    const [key = ""] = invited.keys;
    const ticket = fieldOf((await site.get("review", { t: invited.token })).text, `ticket.${key}`);
    const send = async (own: Record<string, string>, body: BodyInit | null, headers: Record<string, string> = {}) => {
      const response = await fetch(site.url("review-upload", own), {
        method: "POST",
        body,
        headers: { "x-forwarded-for": newVisitor(), ...headers },
      });
      return {
        status: response.status,
        body: (await response.json()) as { outcome: string; why?: string; mediaId?: number },
      };
    };
    const png = new Uint8Array(await photo("#123456"));
    const taken = await send({ ticket }, png, { "content-type": "application/octet-stream" });
    expect(taken.body).toMatchObject({ outcome: "ready", kind: "photo" });
    const form = new FormData();
    form.append("file", new Blob([png]), "\u0000../../x.svg");
    expect((await send({ ticket }, form)).body.outcome).toBe("ready");
    expect((await send({ ticket }, "<svg onload=alert(1)>", { "content-type": "image/svg+xml" })).body).toEqual({
      outcome: "refused",
      why: "type_not_allowed",
    });
    expect((await send({ ticket: "x.y.z" }, png)).body).toEqual({ outcome: "refused", why: "ticket" });
    expect((await send({ ticket, posterOf: "1e3" }, png)).status).toBe(400);
    expect((await send({ ticket, drop: String(taken.body.mediaId) }, null)).body).toEqual({
      outcome: "removed",
      count: 1,
    });
    expect((await fetch(site.url("review-upload", { ticket }))).status).toBe(405);
    expect(
      (await fetch(`${site.origin}/proxy/review-upload?ticket=${ticket}`, { method: "POST", body: png })).status,
    ).toBe(400);
    const page = await site.post("review", {
      t: invited.token,
      locale: "en",
      [`ticket.${key}`]: ticket,
      [`title.${key}`]: "No stars",
    });
    expect(documentOf(page.text).querySelectorAll("li[data-id]")).toHaveLength(1);
  });
});
