// The end of a seed: one merchant removes the app, and two days later the platform asks for everything to be erased.
// Some have come back by then: theirs may not be touched. Nor may anything of the neighbour, either way.
import { installShop } from "../../../app/shops/install-shop.server";
import { uninstallApp } from "../../simulator/oauth";
import type { Violation } from "../report";
import { fingerprint, judgeErased } from "./judge";
import { settle, trouble, type Play } from "./play-seed";
import { grantAccess, randomOf, type SeedShop } from "./world";

const HOUR = 3_600_000;
const COMES_BACK = 0.3;
/** Old bodies that arrive when the shop is long gone. */
const STRAGGLERS = 12;

/** Plays the end and judges it. */
export async function partWays(play: Play): Promise<Violation[]> {
  const { world, shops, seed } = play;
  const random = randomOf(seed, "farewell");
  const leaving = random.pick(shops);
  const staying = shops.filter((each) => each !== leaving);
  const comesBack = random.chance(COMES_BACK);
  const { domain } = leaving.shop;
  const before = { leaving: await fingerprint(play, [leaving]), staying: await fingerprint(play, staying) };

  uninstallApp(world.sim, domain);
  await settle(play);
  world.pass(48 * HOUR);
  if (comesBack) await comeBack(play, leaving);
  world.sim.emit({ shop: domain, topic: "shop/redact", ids: {} });
  await trouble(play);
  await settle(play);
  const old = [...play.plan.accepted.values()].filter((message) => message.shop === domain);
  await repeat(play, random.shuffle(old).slice(0, STRAGGLERS));

  const found: Violation[] = [];
  const tell = (invariant: string, detail: string): void => void found.push({ seed, invariant, detail });
  const after = await fingerprint(play, staying);
  if (after !== before.staying) tell("I17", `${domain} left, its neighbour has changed: ${before.staying} → ${after}`);
  if (comesBack) {
    const held = await fingerprint(play, [leaving]);
    if (held !== before.leaving) tell("I18", `${domain} came back before its shop/redact: ${before.leaving} → ${held}`);
    const people = play.people[shops.indexOf(leaving)];
    if (people) await judgeErased(play, leaving, people, { violations: found });
    return found;
  }
  for (const detail of await remains(play, leaving)) tell("I18", `${domain} is erased: ${detail}`);
  return found;
}

async function comeBack({ world }: Play, { shop }: SeedShop): Promise<void> {
  await grantAccess(world, shop.domain);
  await installShop({ domain: shop.domain, scopes: shop.install?.scopes.join(",") ?? "", now: world.sim.now() });
  await world.owner.query("DELETE FROM pgboss.job WHERE name = 'check-subscriptions'");
}

async function repeat(play: Play, messages: Parameters<Play["plan"]["again"]>[0][]): Promise<void> {
  const { world, plan, random } = play;
  const sending = async (): Promise<void> => {
    for (const message of messages) await world.stage.send(() => plan.again(message));
  };
  const nobody = { crash: null, freeze: null };
  await world.stage.direct([sending()], random, nobody, () => Promise.resolve({ taken: Promise.resolve() }));
  await settle(play);
}

// The catalogue says which tables are a tenant's: whatever forces row-level security.
async function remains({ world }: Play, { id }: SeedShop): Promise<string[]> {
  const { rows: tables } = await world.owner.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relforcerowsecurity ORDER BY 1`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const { rows } = await world.owner.query<{ left: string }>(
      `SELECT count(*) AS left FROM ${name} WHERE shop_id = $1`,
      [id],
    );
    const left = Number(rows[0]?.left);
    if (name === "erasure" && left === 0) found.push("no tombstone is left");
    if (name !== "erasure" && left > 0) found.push(`${left} rows are left in ${name}`);
  }
  return found;
}
