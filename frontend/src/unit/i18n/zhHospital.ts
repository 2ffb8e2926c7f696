/** What a crew has to do with a hospital: its orders, its outcomes, a handover that it does not sign. */

import type { Schemas } from "../../client/api";

export const zhHospital = {
  orders: {
    title: "医嘱",
    confirm: "复诵确认",
    done: "已执行",
    otherwise: "其他…",
    given: "给的剂量",
    notDone: "未执行,原因",
    cancelled: "医嘱已取消:",
    noForms: "原因清单还没有取到",
  },
  outcomes: {
    title: "我送的患者后来怎样",
    asking: "正在取…",
    offline: "没有网络时看不到",
    none: "近 30 天没有医院回传",
    changed: "已更正",
    whose: "只有您在车上的任务;没有姓名和证件。",
  },
  unsigned: {
    short: "医院没人签字…",
    title: "交接无人签字",
    nobody: "没有送到医院的患者",
    why: "原因",
    witness: "见证人姓名",
    here: "请见证人在此签字",
    close: "由见证人签字,结束交接",
    reasons: { nobody_came: "没人来", refused: "拒绝签字", other: "其他" } satisfies Record<
      Schemas["Unsigned"],
      string
    >,
  },
};
