/** Past hours of the region. */

export const replay = {
  title: "时间回溯",
  open: "回放",
  playing: "回放",
  play: "播放",
  pause: "暂停",
  faster: "加速",
  slower: "减速",
  before: "上一事项",
  after: "下一事项",
  jump: "跳到",
  zone: "时区",
  slider: "时刻",
  now: "回到实时",
  held: "回放中不能发命令",
  loading: "载入中…",
  unanswered: "没有收到回答",
  incidents: "当时任务",
  units: "当时车辆",
  noIncidents: "当时没有未完任务",
  counts: (incidents: string, free: string, fixes: string) =>
    `全网此刻 任务 ${incidents} · 可派 ${free} · 定位 ${fixes}`,
};
