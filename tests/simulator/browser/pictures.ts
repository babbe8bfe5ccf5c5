// Product pictures: drawn on request from the product itself.
import type { Context } from "../router";
import type { Simulator } from "../simulator";
import { drawPicture } from "../seed/pictures";
import { shopHandle } from "./app-identity";

/** /images/<shop>/<product handle>.svg, on every port. */
export function servePicture(sim: Simulator, ctx: Context): void {
  const match = /^([^/]+)\/([^/]+)\.svg$/.exec(ctx.params["*"] ?? "");
  const shops = Object.values(sim.state.shops);
  const handle = match?.[2] ?? "";
  const shop = shops.find((candidate) => shopHandle(candidate) === match?.[1]);
  const product = Object.values(shop?.products ?? {}).find((candidate) => candidate.handle === handle);
  if (!shop || !product) {
    ctx.send(404, "");
    return;
  }
  ctx.send(200, drawPicture(shop, product), {
    "content-type": "image/svg+xml; charset=utf-8",
    "cache-control": "public, max-age=3600",
  });
}
