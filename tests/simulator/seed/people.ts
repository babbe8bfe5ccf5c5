// Who shops in the demo shops. Japanese names are kept family name first where people read them; the
// state's fields are first and last name, as the platform's are.
import type { Random } from "../random";
import { NEW_YORK_FAMILY, NEW_YORK_GIVEN } from "./new-york";
import { TOKYO_FAMILY, TOKYO_GIVEN } from "./tokyo";

export interface Person {
  firstName: string;
  lastName: string;
  email: string;
  phone: string | null;
}

/** Endless people without two e-mail addresses alike. */
export type People = (random: Random) => Generator<Person, never>;

export const tokyoPeople: People = function* (random) {
  const taken = new Set<string>();
  for (;;) {
    const [lastName, family] = random.pick(TOKYO_FAMILY);
    const [firstName, given] = random.pick(TOKYO_GIVEN);
    const name = random.pick([
      `${given}.${family}`,
      `${family}.${given}`,
      `${given}_${family}`,
      `${given}${random.between(1, 99)}`,
    ]);
    const email = address(taken, name, random.pick(["example.jp", "mail.example.jp", "example.co.jp", "example.com"]));
    const phone = random.chance(0.4) ? `+8190${random.between(10_000_000, 99_999_999)}` : null;
    yield { firstName, lastName, email, phone };
  }
};

export const newYorkPeople: People = function* (random) {
  const taken = new Set<string>();
  for (;;) {
    const firstName = random.pick(NEW_YORK_GIVEN);
    const lastName = random.pick(NEW_YORK_FAMILY);
    const plain = lastName.toLowerCase().replace(/[^a-z]/g, "");
    const name = random.pick([
      `${firstName}.${plain}`,
      `${firstName.slice(0, 1)}${plain}`,
      `${firstName}${random.between(1, 99)}`,
      `${plain}.${firstName}`,
    ]);
    const email = address(taken, name.toLowerCase(), random.pick(["example.com", "example.org", "mail.example.com"]));
    const phone = random.chance(0.4) ? `+1212555${random.between(1_000, 9_999)}` : null;
    yield { firstName, lastName, email, phone };
  }
};

function address(taken: Set<string>, name: string, host: string): string {
  for (let number = 0; ; number++) {
    const email = `${name}${number || ""}@${host}`;
    if (taken.has(email)) continue;
    taken.add(email);
    return email;
  }
}
