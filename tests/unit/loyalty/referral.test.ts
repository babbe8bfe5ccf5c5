// Signals of a referral: which addresses are likely one person's, and when things are due.
import { describe, expect, it } from "vitest";

import { addressForm, friendForm, isEmail } from "../../../app/loyalty/referrals/friend-address";
import {
  codeIsOver,
  friendCodeEnds,
  holdEnds,
  mustBeHeld,
  signalsEndAt,
} from "../../../app/loyalty/referrals/referral";

describe("addresses as signals", () => {
  it("F01 sees through case, plus signs and the dots of providers that ignore them", () => {
    const forms = ["hanako.yamada+shop@gmail.com", "HanakoYamada@GoogleMail.com", " h.a.n.a.k.o.yamada@gmail.com "];
    expect(new Set(forms.map(friendForm)).size).toBe(1);
    expect(friendForm("ha.nako@example.jp")).not.toBe(friendForm("hanako@example.jp"));
    expect(friendForm("hanako+1@example.jp")).toBe(friendForm("HANAKO@example.jp"));
    expect(friendForm("ｈａｎａｋｏ@example.jp")).toBe("hanako@example.jp");
  });

  it("knows an address from something else", () => {
    for (const text of ["a@b.jp", "田中@例え.テスト", "o'brien+x@mail.example.co.uk"]) expect(isEmail(text)).toBe(true);
    for (const text of [
      "",
      "a",
      "a@b",
      "a b@c.jp",
      "a@b.jp\r\nBcc: x@y.z",
      `${"a".repeat(300)}@b.jp`,
      "<a@b.jp>",
      "a@@b.jp",
    ])
      expect(isEmail(text)).toBe(false);
  });

  it("F01 compares homes without spaces, marks and widths, and none with too little", () => {
    const home = { address1: "神南1-2-3 カーサ渋谷", address2: "101", zip: "150-0041", country: "JP" };
    const typed = { ...home, address1: "神南１ー２ー３　ｶｰｻ渋谷", zip: "1500041" };
    expect(addressForm(home)).toBe(addressForm(typed));
    expect(addressForm(home)).not.toBe(addressForm({ ...home, address2: "102" }));
    expect(addressForm({ address1: "", address2: null, zip: "150-0041", country: "JP" })).toBeNull();
    expect(addressForm({ address1: "Main St 1", address2: null, zip: null, country: "US" })).toBeNull();
  });

  it("F01 a shared network is shown and stops nobody; everything else waits for a person", () => {
    expect(mustBeHeld(["same_network"])).toBe(false);
    for (const flag of ["same_customer", "same_email", "same_address", "existing_customer", "velocity"] as const)
      expect(mustBeHeld(["same_network", flag])).toBe(true);
  });
});

describe("days", () => {
  it("C12 a code ends with its last shop-local day, a hold after so many of them, through a change of clocks", () => {
    const berlin = "Europe/Berlin";
    expect(friendCodeEnds(new Date("2026-10-20T10:00:00Z"), 7, berlin).toISOString()).toBe("2026-10-27T23:00:00.000Z");
    expect(holdEnds("2026-10-20T10:00:00.000Z", 14, berlin).toISOString()).toBe("2026-11-03T11:00:00.000Z");
    const ends = new Date("2026-10-27T23:00:00Z");
    expect(codeIsOver(ends).getTime()).toBeGreaterThan(ends.getTime());
    expect(signalsEndAt(new Date("2026-01-01T00:00:00Z"))).toEqual(new Date("2026-04-01T00:00:00Z"));
  });
});
