// Text keys are checked by the compiler against the English catalogue; a test holds the Japanese one to it.
import "i18next";

import type campaigns from "./en/campaigns.json";
import type core from "./en/core.json";
import type health from "./en/health.json";
import type messages from "./en/messages.json";
import type privacy from "./en/privacy.json";
import type referrals from "./en/referrals.json";
import type reviews from "./en/reviews.json";
import type rewards from "./en/rewards.json";
import type tiers from "./en/tiers.json";
import type transfers from "./en/transfers.json";
import type ways from "./en/ways.json";
import type wizard from "./en/wizard.json";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "admin";
    resources: {
      admin: typeof core &
        typeof health &
        typeof rewards &
        typeof ways &
        typeof campaigns &
        typeof tiers &
        typeof referrals &
        typeof transfers &
        typeof wizard &
        typeof messages &
        typeof reviews &
        typeof privacy;
    };
  }
}
