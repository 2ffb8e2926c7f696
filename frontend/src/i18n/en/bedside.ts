/** What stands beside a patient's ECG. */

import type { Texts } from "../index.svelte";

export const bedside: Texts["bedside"] = {
  exports: "Export",
  title: "Export the run",
  reason: "For what",
  reasons: {
    care: "Care",
    archive: "Archive",
    quality: "Quality review",
    patient: "Patient asked",
    law: "By law",
  },
  forms: {
    pdf: "Run sheet, PDF",
    ecg: "ECG on paper, PDF",
    fhir: "FHIR R4B",
    aecg: "ECG, HL7 aECG",
    wfdb: "ECG, WFDB",
  },
  ecgLast: "last 10 s",
  ecgStill: "frozen 10 s",
  note: "With name and identity number; the journal keeps who took it. Print the ECG at 100 %.",
  working: "Being made…",
  got: (mb: string) => `${mb} MB received`,
  done: (name: string) => `Saved ${name}`,
  unanswered: "No answer came: try again",
  pictures: "Pictures",
  noPictures: "The crew sent no pictures",
  coming: (share: string) => `${share}% received`,
  picture: (time: string) => `Picture ${time}`,
  zoomIn: "Larger",
  zoomOut: "Smaller",
  whole: "Fit",
  waves: {
    title: "Other waves",
    names: { pleth: "Pleth", co2: "CO₂", art: "Arterial", cvp: "CVP", resp: "Resp" },
    free: "auto",
    delay: (ms: number) => `to screen ${ms} ms`,
  },
};
