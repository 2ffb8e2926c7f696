/** Chinese, the first language: the other two have exactly these texts. */

import { acts } from "./acts";
import { alarms } from "./alarms";
import { bedside } from "./bedside";
import { boards } from "./boards";
import { calls } from "./calls";
import { codes } from "./codes";
import { coverage } from "./coverage";
import { duty } from "./duty";
import { dispatching } from "./dispatching";
import { er } from "./er";
import { gates } from "./gates";
import { handover } from "./handover";
import { hospitals } from "./hospitals";
import { map } from "./map";
import { orders, outcomes } from "./orders";
import { radio } from "./radio";
import { record } from "./record";
import { refusals } from "./refusals";
import { registration } from "./registration";
import { replay } from "./replay";
import { reports } from "./reports";
import { selected } from "./selected";
import { session } from "./session";
import { shell } from "./shell";

export const zh = {
  acts,
  alarms,
  bedside,
  boards,
  calls,
  codes,
  coverage,
  duty,
  dispatching,
  er,
  gates,
  handover,
  hospitals,
  map,
  orders,
  outcomes,
  radio,
  record,
  refusals,
  registration,
  replay,
  reports,
  selected,
  session,
  shell,
};
