// A text with what was noticed in it; masked words are dots until somebody asks to see them.
import { useTranslation } from "react-i18next";

import type { Finding } from "../../../reviews/moderation/findings";
import { isMasked, maskText } from "../../../reviews/moderation/mask-text";
import { markText, type TextPart } from "./mark-text";

interface MarkedTextProps {
  text: string;
  /** Those of this very field. */
  findings: Finding[];
  revealed: boolean;
}

/** Text with marks. */
export function MarkedText({ text, findings, revealed }: MarkedTextProps) {
  return markText(text, findings).map((part, index) =>
    part.findings.length === 0 ? part.text : <Mark key={index} part={part} revealed={revealed} />,
  );
}

function Mark({ part, revealed }: { part: TextPart; revealed: boolean }) {
  const { t } = useTranslation();
  const masked = part.findings.some(isMasked);
  const kinds = [...new Set(part.findings.map(({ kind }) => kind))];
  const shown = masked && !revealed ? maskText(part.text, [{ from: 0, to: part.text.length }]) : part.text;
  return (
    <mark
      className="kz-mark"
      data-person={kinds.some((kind) => kind === "claim" || kind === "threat" || kind === "malware")}
      title={kinds.map((kind) => t(`reviews.hold.finding.${kind}`)).join(" · ")}
    >
      {shown}
    </mark>
  );
}
