/** Early registration: what the crew entered becomes the emergency room's. */

export const registration = {
  title: "登记",
  note: "车组录入,本院核对后生效",
  open: "未登记",
  done: "已登记",
  changed: "登记后身份有变,请再核对",
  number: "就诊号",
  kinds: { name: "姓名", id_number: "身份证号", phone: "电话", address: "地址", sex: "性别", age: "年龄" },
  earlier: "原为",
  erased: "已依法删除",
  compare: "核对并登记…",
  again: "再核对…",
  accept: "核对无误,按此登记",
};
