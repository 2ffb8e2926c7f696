/** English. */

import type { Texts } from "../index.svelte";
import { alarms } from "./alarms";
import { boards } from "./boards";
import { calls } from "./calls";
import { codes } from "./codes";
import { dispatching } from "./dispatching";
import { map } from "./map";
import { record } from "./record";
import { selected } from "./selected";
import { session } from "./session";
import { shell } from "./shell";

export const en: Texts = { alarms, boards, calls, codes, dispatching, map, record, selected, session, shell };
