import { describe } from "vitest";

import { testAccessibility } from "./pages/accessibility";

describe("the pages in Japanese", () => testAccessibility("ja"));
