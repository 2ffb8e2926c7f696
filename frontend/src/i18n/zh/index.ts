/** Chinese, the first language: the other two have exactly these texts. */

import { boards } from "./boards";
import { codes } from "./codes";
import { selected } from "./selected";
import { session } from "./session";
import { shell } from "./shell";

export const zh = { boards, codes, selected, session, shell };
