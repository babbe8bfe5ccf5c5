// Text keys are checked by the compiler against the English catalogue; a test holds the Japanese one to it.
import "i18next";

import type admin from "./en.json";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "admin";
    resources: { admin: typeof admin };
  }
}
