export const duty = {
  title: "值班",
  on: "上班:",
  off: "下班:",
  offOther: "代签下班",
  until: "至",
  unknown: "没有收到回答",
  nobody: "没有人签到",
  roles: { supervisor: "值班长", emergency_doctor: "急诊医生" },
  lower: "降级",
};
