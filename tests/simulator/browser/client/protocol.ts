// What the App Bridge stand-in (inside the app's frame) and the shell (around it) say to each other.

export interface BarAction {
  key: string;
  label: string;
  href: string | null;
  tone: "default" | "critical";
  disabled: boolean;
  loading: boolean;
}
export interface TitleBarState {
  title: string;
  breadcrumb: BarAction | null;
  primary: BarAction | null;
  secondary: BarAction[];
  groups: { label: string; actions: BarAction[] }[];
}
export interface SaveBarState {
  id: string;
  discardConfirmation: boolean;
  save: { label: string; disabled: boolean; loading: boolean } | null;
  discard: { label: string; disabled: boolean; loading: boolean } | null;
}
export interface NavItem {
  label: string;
  href: string;
}
export interface PickerRow {
  id: string;
  heading: string;
  detail: string;
  image: string | null;
  disabled: boolean;
  selected: boolean;
  /** What the app receives when the row is chosen. */
  value: unknown;
}
export interface ScopeDetail {
  granted: string[];
  required: string[];
  optional: string[];
}

/** Calls of the app; the shell answers each with the result named here. */
export interface Calls {
  hello: { payload: { path: string; title: string }; result: { locale: string } };
  idToken: { payload: null; result: string };
  user: { payload: null; result: { id: number; name: string; email: string; accountAccess: string } };
  toastShow: {
    payload: { id: string; message: string; durationMs: number; isError: boolean; action: string | null };
    result: null;
  };
  toastHide: { payload: { id: string }; result: null };
  saveBarShow: { payload: SaveBarState; result: null };
  saveBarHide: { payload: { id: string }; result: null };
  leaveConfirmation: { payload: null; result: null };
  loading: { payload: { on: boolean }; result: null };
  navMenu: { payload: { items: NavItem[] }; result: null };
  titleBar: { payload: TitleBarState; result: null };
  path: { payload: { path: string; title: string }; result: null };
  overlay: { payload: { open: boolean }; result: null };
  open: { payload: { url: string; target: string }; result: null };
  resourcePicker: {
    payload: {
      type: string;
      action: string;
      query: string;
      multiple: number;
      selectedIds: string[];
      variants: boolean;
    };
    result: unknown[] | null;
  };
  picker: {
    payload: { heading: string; multiple: number; rows: PickerRow[] };
    result: string[] | null;
  };
  scopesQuery: { payload: null; result: ScopeDetail };
  scopesRequest: { payload: { scopes: string[] }; result: { granted: boolean; detail: ScopeDetail } };
  scopesRevoke: { payload: { scopes: string[] }; result: ScopeDetail };
}
export type CallName = keyof Calls;

/** What the shell tells the app to do. */
export type Command =
  | { name: "navigate"; path: string }
  | { name: "press"; key: string }
  | { name: "save"; id: string }
  | { name: "discard"; id: string }
  | { name: "toastAction"; id: string }
  | { name: "toastDismiss"; id: string };

export type ToShell = { bridge: 1; id: number; call: CallName; payload: unknown };
export type ToApp =
  | { bridge: 1; id: number; result: unknown }
  | { bridge: 1; id: number; error: string }
  | { bridge: 1; command: Command };

/** Left by the shell in the frame's name: readable at once and without any storage. */
export interface FrameName {
  kizunaShell: 1;
  shop: string;
  host: string;
  locale: string;
  storage: "browser" | "denied";
}

/** Whether a message is one of ours. */
export function isBridgeMessage(data: unknown): data is { bridge: 1 } {
  return typeof data === "object" && data !== null && "bridge" in data && data.bridge === 1;
}
