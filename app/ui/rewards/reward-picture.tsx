// The picture of a reward, or the symbol of its kind.
import { Icon } from "@shopify/polaris";
import {
  CalendarIcon,
  DeliveryIcon,
  DiscountIcon,
  GiftCardIcon,
  HeartIcon,
  KeyIcon,
  MoneyIcon,
  PackageIcon,
  StarIcon,
  StoreIcon,
  WalletIcon,
} from "@shopify/polaris-icons";

import type { RewardKind } from "../../loyalty/rewards/reward-terms";

const SYMBOLS: Record<RewardKind, typeof StarIcon> = {
  amount_off: MoneyIcon,
  points_off: StarIcon,
  percentage_off: DiscountIcon,
  free_shipping: DeliveryIcon,
  free_product: PackageIcon,
  gift_card: GiftCardIcon,
  store_credit: WalletIcon,
  donation: HeartIcon,
  voucher: StoreIcon,
  place: CalendarIcon,
  early_access: KeyIcon,
};

/** A square; the text beside it says what it is, so an empty alternative is right for the symbol. */
export function RewardPicture({ kind, url, alt }: { kind: RewardKind; url: string | null; alt: string }) {
  return (
    <div className="kz-reward-picture">
      {url ? (
        <img src={url} alt={alt} loading="lazy" width={240} height={240} />
      ) : (
        <Icon source={SYMBOLS[kind]} tone="subdued" />
      )}
    </div>
  );
}
