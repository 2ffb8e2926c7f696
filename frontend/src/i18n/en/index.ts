/** English. */

import type { Texts } from "../index.svelte";
import { boards } from "./boards";
import { codes } from "./codes";
import { selected } from "./selected";
import { session } from "./session";
import { shell } from "./shell";

export const en: Texts = { boards, codes, selected, session, shell };
