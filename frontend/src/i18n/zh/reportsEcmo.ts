/** Figures of ECMO transfers: the supervisor's page, a part of its own. */

export const ecmo = {
  title: "ECMO 转运",
  note: "单独成组,不计入街面急救指标",
  counts: (requests: string, transfers: string) => `请求 ${requests} · 任务 ${transfers}`,
  adverse: (count: string) => `有不良事件 ${count}`,
  survived: (moment: string, alive: string, known: string) => `${moment}存活 ${alive}/${known}`,
  figure: "指标",
  mode: "模式",
  allModes: "全部",
  eligible: "应有",
  minutes: "分钟",
  target: "目标",
  met: "达标",
  few: "少于 5 例,不予公布",
  small: "少于 30 例",
  definitions: "口径",
  formula: "公式",
  events: "依据事件",
  version: (version: string, source: string) => `第 ${version} 版 · ${source}`,
  registry: "登记表",
};
