import { after } from "./after";
import { codes } from "./codes";
import { facts } from "./facts";
import { live } from "./live";
import { diversion, mission, plan } from "./mission";
import { missionCodes } from "./missionCodes";
import { page } from "./page";
import { casePage, request, scores } from "./request";
import { stores } from "./stores";

export const zh = {
  page,
  request,
  casePage,
  scores,
  live,
  after,
  plan,
  mission,
  diversion,
  stores,
  missionCodes,
  codes: { ...facts, ...codes },
};
