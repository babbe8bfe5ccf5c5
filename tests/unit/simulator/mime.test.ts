// Mail as it comes over the wire.
import { describe, expect, it } from "vitest";

import { decodeWords, parseMail } from "../../simulator/mime";

const mail = (...lines: string[]): Buffer => Buffer.from(lines.join("\r\n"), "utf8");

describe("a message", () => {
  it("of one part is text, whatever its encoding", () => {
    const plain = parseMail(mail("Subject: Hi", "From: a@example.com", "To: b@example.com", "", "Hello", "there"));
    expect(plain).toMatchObject({
      subject: "Hi",
      from: "a@example.com",
      to: "b@example.com",
      text: "Hello\nthere",
      html: null,
    });
    const base64 = mail(
      "Content-Type: text/html; charset=utf-8",
      "Content-Transfer-Encoding: base64",
      "",
      Buffer.from("<p>ポイント</p>").toString("base64"),
    );
    expect(parseMail(base64)).toMatchObject({ text: null, html: "<p>ポイント</p>" });
    const quoted = mail(
      "Content-Type: text/plain; charset=UTF-8",
      "Content-Transfer-Encoding: quoted-printable",
      "",
      "=E3=83=9D=E3=82=A4=",
      "=E3=83=B3=E3=83=88 1=3D1",
    );
    expect(parseMail(quoted).text).toBe("ポイント 1=1");
    const jis = Buffer.concat([
      mail("Content-Type: text/plain; charset=ISO-2022-JP", "", ""),
      Buffer.from([0x1b, 0x24, 0x42, 0x25, 0x5d, 0x1b, 0x28, 0x42]),
    ]);
    expect(parseMail(jis).text).toBe("ポ");
  });

  it("of nested parts shows its text and HTML, not its attachments", () => {
    const nested = mail(
      'Content-Type: multipart/mixed; boundary="out(1)"',
      "",
      "ignored preamble",
      "--out(1)",
      "Content-Type: multipart/alternative; boundary=in",
      "",
      "--in",
      "Content-Type: text/plain",
      "",
      "words",
      "--in",
      "Content-Type: text/html",
      "",
      "<b>words</b>",
      "--in--",
      "--out(1)",
      "Content-Type: text/html",
      "Content-Disposition: attachment; filename=x.html",
      "",
      "<i>attached</i>",
      "--out(1)--",
    );
    expect(parseMail(nested)).toMatchObject({ text: "words", html: "<b>words</b>" });
  });

  it("keeps folded and repeated headers", () => {
    const { headers } = parseMail(mail("X-Long: one", "\ttwo", "Received: a", "Received: b", "", ""));
    expect(headers).toEqual({ "x-long": "one two", received: "a\nb" });
  });
});

it("encoded words are read, also when one character is split between two", () => {
  const bytes = Buffer.from("ポイント");
  const word = (part: Buffer) => `=?utf-8?B?${part.toString("base64")}?=`;
  expect(decodeWords(`${word(bytes.subarray(0, 4))} ${word(bytes.subarray(4))} now`)).toBe("ポイント now");
  expect(decodeWords("=?iso-8859-1?Q?Caf=E9_au_lait?= <a@example.com>")).toBe("Café au lait <a@example.com>");
  expect(decodeWords("plain =? text")).toBe("plain =? text");
});
