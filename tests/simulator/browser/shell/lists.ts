// Search box and pager of the admin's lists.
import { html } from "../html";
import type { Html } from "../html";
import type { Word } from "./words";

type Words = Record<Word, string>;

export function searchBox(words: Words, query: string): Html {
  return html`<form class="toolbar" role="search">
    <input type="search" name="q" value="${query}" placeholder="${words.search}" aria-label="${words.search}" /><button
      class="button"
    >
      ${words.search}
    </button>
  </form>`;
}

export function pager(words: Words, url: URL, at: number, pages: number): Html {
  const link = (page: number) => {
    const params = new URLSearchParams(url.searchParams);
    params.set("page", String(page));
    return `?${params.toString()}`;
  };
  return html`<nav class="pager" aria-label="${words.next}">
    ${at > 1 ? html`<a class="button" href="${link(at - 1)}">${words.previous}</a>` : ""}
    ${at < pages ? html`<a class="button" href="${link(at + 1)}">${words.next}</a>` : ""}
  </nav>`;
}
