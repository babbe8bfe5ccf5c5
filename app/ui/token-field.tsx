// A list of short texts (tags, ids): type one, press Enter or comma, take one away with its ×.
import { BlockStack, Button, InlineStack, Tag, TextField } from "@shopify/polaris";
import { useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";

interface TokenFieldProps {
  label: string;
  tokens: string[];
  onChange(tokens: string[]): void;
  /** Turns typed text into a token, or null when it is none. */
  read?(text: string): string | null;
  /** How a token is shown. */
  show?(token: string): string;
  helpText?: string;
  placeholder?: string;
  error?: string | undefined;
  /** Said when `read` finds no token in the text. */
  unreadable?: string;
  /** A button beside the field, such as one that opens a picker. */
  action?: { content: string; onAction(): void };
}

/** A text field that gathers tokens below itself. */
export function TokenField(props: TokenFieldProps) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [refused, setRefused] = useState(false);
  const read = props.read ?? ((typed: string) => typed.trim() || null);
  const add = () => {
    if (text.trim() === "") return;
    const token = read(text.normalize("NFKC"));
    setRefused(token === null);
    if (token === null) return;
    if (!props.tokens.includes(token)) props.onChange([...props.tokens, token]);
    setText("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // While a Japanese word is being composed, Enter chooses the word.
    if (event.nativeEvent.isComposing || (event.key !== "Enter" && event.key !== ",")) return;
    event.preventDefault();
    add();
  };
  return (
    <BlockStack gap="200">
      <div onKeyDown={onKeyDown}>
        <TextField
          label={props.label}
          value={text}
          onChange={setText}
          onBlur={add}
          autoComplete="off"
          helpText={props.helpText}
          placeholder={props.placeholder}
          error={refused ? props.unreadable : props.error}
          connectedRight={props.action ? <Button onClick={props.action.onAction}>{props.action.content}</Button> : null}
        />
      </div>
      {props.tokens.length > 0 ? (
        <InlineStack gap="200">
          {props.tokens.map((token) => (
            <Tag
              key={token}
              accessibilityLabel={t("common.remove_token", { token: props.show?.(token) ?? token })}
              onRemove={() => props.onChange(props.tokens.filter((kept) => kept !== token))}
            >
              {props.show?.(token) ?? token}
            </Tag>
          ))}
        </InlineStack>
      ) : null}
    </BlockStack>
  );
}
