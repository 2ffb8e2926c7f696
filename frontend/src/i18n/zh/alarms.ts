import type { AlarmKind, Urgency } from "../../alarms/rules";

export const alarms = {
  urgency: { high: "高级告警", medium: "中级告警", low: "低级告警" } satisfies Record<Urgency, string>,
  kinds: {
    linkLost: "链路中断",
    waiting: "待派超时",
    unacknowledged: "未确认接单",
    overdue: "超过预计到达",
    handover: "交接超时",
    positionLost: "定位失联",
    prealert: "医院未确认预警",
    stretcher: "担架未腾出(压床)",
    "crew.danger": "车组遇险",
    "crew.second_unit": "车组请求增援",
    "crew.police": "车组请求110",
    "crew.fire": "车组请求119",
  } satisfies Record<AlarmKind, string>,
  none: "无告警",
  allConfirmed: "告警已全部确认",
  unknown: "尚无数据,不能判断告警",
  over: "原因已消失",
  unconfirmed: (at: string) => `未确认 ${at}`,
  confirm: "确认",
  mute: "静音 2 分",
  muted: (left: string) => `静音 ${left}`,
  silenced: "点此开声音",
  check: "试听",
};
