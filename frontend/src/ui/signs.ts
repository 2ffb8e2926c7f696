/**
 * The signs of what a unit does: told apart by shape, so that colour is never needed to read them. Drawn on a grid of
 * 16 × 16 with the middle at 8, 8; boards draw them as SVG, the map draws the same paths on its canvas.
 */

export interface Sign {
  fill?: string;
  stroke?: string;
  dashed?: boolean;
  /** Points along the way of reading, and turns with it. Never on a map. */
  directional?: boolean;
}

export const SIGNS = {
  /** 待命 */
  available: { fill: "M8 3a5 5 0 1 0 0 10a5 5 0 1 0 0-10z" },
  /** 已派 */
  sent: { stroke: "M8 2.4 13.6 8 8 13.6 2.4 8z" },
  /** 赶赴 */
  enRoute: { fill: "M3.6 2.6 13.6 8 3.6 13.4z", directional: true },
  /** 集结 */
  staging: { fill: "M2.6 3 9.6 8l-7 5z", stroke: "M12.4 3v10", directional: true },
  /** 现场 */
  onScene: { stroke: "M3.4 3.4h9.2v9.2H3.4z" },
  /** 接诊 */
  atPatient: { fill: "M2.6 2.6h10.8v10.8H2.6zM6.9 4.8v2.1H4.8v2.2h2.1v2.1h2.2V9.1h2.1V6.9H9.1V4.8z" },
  /** 转运 */
  transporting: { fill: "M2 3.4 8 8l-6 4.6zM8 3.4 14 8l-6 4.6z", directional: true },
  /** 到院 */
  atHospital: { fill: "M3.2 2.8h2.7v3.9h4.2V2.8h2.7v10.4h-2.7V9.2H5.9v4H3.2z" },
  /** 返站 */
  returning: { stroke: "M12.4 3.2 4 8l8.4 4.8z", directional: true },
  /** 换班 */
  relief: { stroke: "M3 6.2h9.4M9.8 3.4l2.8 2.8M13 9.8H3.6M6.2 12.6 3.4 9.8" },
  /** 保障 */
  standby: { stroke: "M8 2.8a5.2 5.2 0 1 0 0 10.4a5.2 5.2 0 1 0 0-10.4z", fill: "M8 6a2 2 0 1 0 0 4a2 2 0 1 0 0-4z" },
  /** 计划转运 */
  transfer: { stroke: "M2.6 3.8 7.4 8l-4.8 4.2zM8.2 3.8 13 8l-4.8 4.2z", directional: true },
  /** 停用 */
  out: { stroke: "M3.6 3.6l8.8 8.8M12.4 3.6l-8.8 8.8" },
  /** 无班组 */
  noCrew: { stroke: "M8 2.8a5.2 5.2 0 1 0 0 10.4a5.2 5.2 0 1 0 0-10.4zM4.4 11.6l7.2-7.2" },
  /** 失联, 不明 */
  lost: {
    stroke: "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12z",
    dashed: true,
    fill: "M5.9 6.3A2.1 2.1 0 0 1 8 4.4c1.3 0 2.2.8 2.2 1.9 0 .8-.4 1.2-1 1.7-.5.4-.6.6-.6 1.1H7.4c0-.9.2-1.3.9-1.8.5-.4.7-.6.7-1 0-.4-.4-.8-1-.8s-1 .4-1 .9zM7.3 9.9h1.4v1.4H7.3z",
  },
} as const satisfies Record<string, Sign>;

export type SignName = keyof typeof SIGNS;
/** White: working. Muted green: free. Grey: out. Amber: nobody knows. */
export type Tone = "working" | "free" | "out" | "lost";
