// The program as acts and dates see it: the version in force at an instant, and the shop's zone.
import type { Queryable, ShopId } from "../../db.server";
import {
  rulesOfVersion,
  versionAt,
  VERSION_STAMPS,
  type VersionInForce,
  type VersionStamp,
} from "../program-versions.server";
import type { WayKind, WayOfKind } from "../program-parts";

export interface ProgramCalendar {
  timeZone: string;
  stamps: VersionStamp[];
}

/** The shop's zone and the list of its program versions. */
export async function readCalendar(tx: Queryable & { shopId: ShopId }): Promise<ProgramCalendar> {
  const { rows } = await tx.query<ProgramCalendar & { [column: string]: unknown }>(
    `SELECT time_zone AS "timeZone", ${VERSION_STAMPS} AS stamps FROM shop_profile WHERE shop_id = $1`,
    [tx.shopId],
  );
  return rows[0] ?? { timeZone: "UTC", stamps: [] };
}

/** The program in force at an instant; null before the first one. Acts are never judged by a later program. */
export async function programAt(
  tx: Queryable & { shopId: ShopId },
  { stamps }: ProgramCalendar,
  at: Date,
): Promise<VersionInForce | null> {
  const stamp = versionAt(stamps, at.toISOString());
  if (!stamp || Date.parse(stamp[1]) > at.getTime()) return null;
  return { version: stamp[0], rules: await rulesOfVersion(tx, stamp) };
}

/** The way of a kind that is offered: the first one switched on. */
export function offeredWay<Kind extends WayKind>(
  { rules }: VersionInForce,
  kind: Kind,
  wayId?: string,
): WayOfKind<Kind> | null {
  const found = rules.ways.find(
    (way): way is WayOfKind<Kind> => way.kind === kind && way.enabled && (wayId === undefined || way.id === wayId),
  );
  return found ?? null;
}
