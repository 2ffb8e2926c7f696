/** Orders to crews, and what became of patients. */

import type { Schemas } from "../../client/api";

export const orders = {
  title: "医嘱",
  note: "发送后车组须复诵确认",
  none: "还没有给车组的医嘱",
  noCrew: "没有车组在送该患者,不能下医嘱",
  groups: { drug: "药物", breathing: "呼吸", circulation: "循环", wound: "创伤" } satisfies Record<
    Schemas["Group"],
    string
  >,
  treatment: "处置",
  choose: "请选",
  amount: "剂量",
  route: "途径",
  words: "补充说明(可不填)",
  other: "其他(写明)",
  unlisted: "其他医嘱",
  otherWords: "要做什么",
  give: "给车组医嘱",
  above: (most: string) => `超过常用上限 ${most},再按一次发送`,
  states: {
    sent: "已发送,未读",
    seen: "已读,未复诵",
    confirmed: "已复诵",
    done: "已执行",
    not_done: "未执行",
    cancelled: "已撤销",
  } satisfies Record<Schemas["OrderState"], string>,
  ordered: (amount: string) => `医嘱 ${amount}`,
  although: "撤销前已执行",
  late: (time: string) => `${time} 补报`,
  cancel: "撤销",
  unsent: "未发出",
  again: "再发",
  drop: "放弃",
  erased: "文字已依法删除",
  unsigned: "清单待医疗主任签发",
};

export const outcomes = {
  title: "结局回传",
  note: "车组看到去向与诊断,看不到姓名",
  none: "近 30 天没有交接过的患者",
  open: "结局回传",
  missing: (count: number) => `结局未回传 ${count}`,
  untold: "未回传",
  disposition: "去向",
  diagnosis: "诊断(ICD-10)",
  noDiagnosis: "尚无诊断",
  other: "其他编码",
  tell: "回传给车组",
  change: "更改",
  back: "返回",
  told: (time: string) => `${time} 回传`,
  version: (count: number) => `第 ${count} 版`,
};
