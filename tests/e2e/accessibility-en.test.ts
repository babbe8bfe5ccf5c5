import { describe } from "vitest";

import { testAccessibility } from "./pages/accessibility";

describe("the pages in English", () => testAccessibility("en"));
