export const selected = {
  none: "未选事件",
  pick: "↑↓ 选事件,F6 下一待派",
};
