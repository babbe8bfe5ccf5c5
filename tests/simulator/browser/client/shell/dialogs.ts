// The shell's own dialogs: questions, and the pickers.
import type { PickerRow } from "../protocol";
import { make } from "./page";

export type Words = Record<string, string>;

function openDialog(title: string, body: Node, buttons: HTMLButtonElement[], closeWord: string): HTMLDialogElement {
  const heading = make("h2", { id: "dialog-title" }, title);
  const close = make("button", { className: "button", type: "button", ariaLabel: closeWord }, "×");
  const dialog = make(
    "dialog",
    { className: "shell-dialog" },
    make("header", {}, heading, close),
    make("div", { className: "body" }, body),
    make("footer", {}, ...buttons),
  );
  dialog.setAttribute("aria-labelledby", "dialog-title");
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Asks; true when the person agrees. */
export function ask(
  words: Words,
  question: { title: string; yes: string; no: string; detail?: string; critical?: boolean },
): Promise<boolean> {
  return new Promise((resolve) => {
    let agreed = false;
    const yes = make(
      "button",
      { type: "button", className: question.critical ? "button critical" : "button primary" },
      question.yes,
    );
    const no = make("button", { type: "button", className: "button" }, question.no);
    const dialog = openDialog(question.title, make("p", {}, question.detail ?? ""), [no, yes], words.close ?? "");
    yes.addEventListener("click", () => {
      agreed = true;
      dialog.close();
    });
    no.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => resolve(agreed));
  });
}

/** Lets a person choose rows; null when they cancel. `load` is asked again as they type. */
export function pick(
  words: Words,
  options: { title: string; multiple: number; query: string; load: (query: string) => Promise<PickerRow[]> },
): Promise<PickerRow[] | null> {
  return new Promise((resolve) => {
    const chosen = new Map<string, PickerRow>();
    let confirmed = false;
    const search = make("input", {
      type: "search",
      autofocus: true,
      value: options.query,
      placeholder: words.search ?? "",
      ariaLabel: words.search ?? "",
    });
    const list = make("ul", { className: "picker-rows" });
    const count = make("span", { className: "picker-count" });
    count.setAttribute("aria-live", "polite");
    const cancel = make("button", { type: "button", className: "button" }, words.cancel ?? "");
    const add = make("button", { type: "button", className: "button primary" }, words.add ?? "");
    const dialog = openDialog(options.title, make("div", {}, search, list), [cancel, add], words.close ?? "");
    add.before(count);
    const refresh = () => {
      count.textContent = `${chosen.size} ${words.selected ?? ""}`;
    };
    const draw = (rows: PickerRow[]) => {
      for (const row of rows) if (row.selected) chosen.set(row.id, row);
      list.replaceChildren(
        ...(rows.length > 0
          ? rows.map((row) => drawRow(row))
          : [make("li", { className: "empty" }, words.nothingFound ?? "")]),
      );
      refresh();
    };
    const drawRow = (row: PickerRow) => {
      const box = make("input", {
        type: options.multiple === 1 ? "radio" : "checkbox",
        name: "picked",
        checked: chosen.has(row.id),
        disabled: row.disabled,
      });
      box.addEventListener("change", () => {
        if (options.multiple === 1) chosen.clear();
        if (!box.checked) chosen.delete(row.id);
        else if (chosen.size < options.multiple) chosen.set(row.id, row);
        else box.checked = false;
        refresh();
      });
      const picture = row.image ? [make("img", { src: row.image, alt: "" })] : [];
      return make(
        "li",
        {},
        make("label", {}, box, ...picture, make("span", {}, row.heading, make("small", {}, row.detail))),
      );
    };
    const load = () => void options.load(search.value).then(draw);
    search.addEventListener("input", load);
    add.addEventListener("click", () => {
      confirmed = true;
      dialog.close();
    });
    cancel.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => resolve(confirmed ? [...chosen.values()] : null));
    load();
  });
}
