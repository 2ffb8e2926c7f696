/** What the service's codes mean. A code that the service gains is missing here until the compiler has been heard. */

import type { OutReason, System, UnitStatus } from "../../live/rows";

export const codes = {
  status: {
    unknown: "状态不明",
    at_station: "待命",
    returning_available: "返站可派",
    assigned: "已派未确认",
    en_route: "赶赴",
    staging: "集结待命",
    on_scene: "现场",
    at_patient: "接诊",
    transporting: "转运",
    at_hospital: "到院交接",
    returning: "返站",
    relief: "换班",
    standby: "保障",
    transfer: "计划转运",
    out_of_service: "停用",
  } satisfies Record<UnitStatus, string>,
  out: {
    decontamination: "洗消",
    fuel: "加油",
    restock: "补给",
    fault: "故障",
    meal: "用餐",
  } satisfies Record<OutReason, string>,
  acknowledged: "已派",
  lost: "定位失联",
  noCrew: "无班组",
  system: { civil: "地", corps: "兵" } satisfies Record<System, string>,
  systemName: { civil: "地方", corps: "兵团" } satisfies Record<System, string>,
  incident: {
    waiting: "待派",
    unacknowledged: "未确认",
    assigned: "已派",
    enRoute: "赶赴",
    staging: "集结",
    onScene: "现场",
    atPatient: "接诊",
    transporting: "转运",
    handover: "交接",
    overdue: "超预计",
    waitingAgain: "再待派",
    clearing: "待结案",
  },
};
