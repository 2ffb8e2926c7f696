/** The words of messages, which the console, the emergency room and the crew's page share. */

import type { Schemas } from "../client/api";
import { i18n, type Language, type Same } from "../i18n/index.svelte";
import { isolating } from "../i18n/isolating";

const zh = {
  title: "消息",
  none: "还没有消息",
  sides: { crew: "车组", hospital: "急诊", dispatch: "调度" } satisfies Record<Schemas["Side"], string>,
  write: "写消息",
  send: "发送",
  waits: "待送",
  refused: "未收,请用电台",
  unread: "未读",
  read: (who: string) => `已读:${who}`,
  confirm: (count: string) => `确认已读 ${count} 条`,
  erased: "已依法删除",
  only: "只有车组和调度能看到:还没有患者",
  offline: "没有网络:消息保存在本机,恢复后按真实时间送出",
  lost: "没有网络,不能发送",
};
type MessageTexts = Same<typeof zh>;

const en: MessageTexts = {
  title: "Messages",
  none: "No messages yet",
  sides: { crew: "Crew", hospital: "Hospital", dispatch: "Dispatch" },
  write: "Write",
  send: "Send",
  waits: "waits",
  refused: "not taken: use the radio",
  unread: "not read yet",
  read: (who) => `read: ${who}`,
  confirm: (count) => `I have read ${count}`,
  erased: "erased by law",
  only: "Crew and dispatch only: there is no patient yet",
  offline: "No link: kept here, sent later with their true times",
  lost: "No link: nothing can be sent",
};

const ug: MessageTexts = {
  title: "ئۇچۇر",
  none: "تېخى ئۇچۇر يوق",
  sides: { crew: "ماشىنا", hospital: "جىددىي قۇتقۇزۇش", dispatch: "دىسپېتچېر" },
  write: "ئۇچۇر يېزىش",
  send: "يوللاش",
  waits: "كۈتۈۋاتىدۇ",
  refused: "قوبۇل قىلىنمىدى، رادىئو ئىشلىتىڭ",
  unread: "ئوقۇلمىدى",
  read: (who) => `ئوقۇدى: ${who}`,
  confirm: (count) => `${count} نى ئوقۇدۇم`,
  erased: "قانۇن بويىچە ئۆچۈرۈلدى",
  only: "پەقەت ماشىنا ۋە دىسپېتچېر كۆرىدۇ: بىمار تېخى يوق",
  offline: "ئالاقە يوق: بۇ يەردە ساقلىنىدۇ، كېيىن ھەقىقىي ۋاقتى بىلەن يوللىنىدۇ",
  lost: "ئالاقە يوق، يوللىغىلى بولمايدۇ",
};

const ALL: Record<Language, MessageTexts> = { zh, en, ug: isolating(ug) };

class Words {
  readonly t: MessageTexts = $derived(ALL[i18n.language]);
}

export const words = new Words();
