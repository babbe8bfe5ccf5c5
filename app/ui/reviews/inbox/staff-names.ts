import { useTranslation } from "react-i18next";

import type { StaffMember } from "../../../shops/list-staff.server";

/** Who did something, by name: staff, the author, a visitor, or the app itself. */
export function useActorName(staff: StaffMember[]): (actor: string) => string {
  const { t } = useTranslation();
  return (actor) => {
    if (actor.startsWith("staff:"))
      return staff.find((person) => person.actor === actor)?.name ?? t("reviews.history.actor.former");
    return t(`reviews.history.actor.${actor === "author" || actor === "visitor" ? actor : "system"}`);
  };
}
