import { Icon, TextField } from "@shopify/polaris";
import { SearchIcon } from "@shopify/polaris-icons";
import { useState } from "react";

/** A search that begins with Enter, or when it is emptied. */
export function SearchField({
  label,
  value,
  onSearch,
}: {
  label: string;
  value: string;
  onSearch(text: string): void;
}) {
  const [text, setText] = useState(value);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(text.trim());
      }}
    >
      <TextField
        label={label}
        labelHidden
        placeholder={label}
        prefix={<Icon source={SearchIcon} />}
        type="search"
        value={text}
        onChange={setText}
        clearButton
        onClearButtonClick={() => {
          setText("");
          onSearch("");
        }}
        autoComplete="off"
        maxLength={100}
      />
    </form>
  );
}
