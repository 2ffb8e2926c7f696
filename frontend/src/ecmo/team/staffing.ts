/** Who and what a mission has, needs, and could have, by role and by kind. Pure. */

import type { Schemas } from "../../client/api";

type Mission = Schemas["MissionOut"];
type Resources = Schemas["ResourcesOut"];
export type Role = Schemas["TeamRole"];
export type KitKind = Schemas["EcmoKitKind"];
export type Piece = Resources["kit"][number];
export type Duty = Resources["duties"][number];

export interface RoleRow {
  role: Role;
  booked: readonly { bookingId: string; personId: string; name: string; duty: Duty | null }[];
  lacking: number;
  /** On call, free, and able to fill it: those whose duty lasts the longest first. */
  could: readonly Duty[];
}

export const ROLES = ["lead", "second_physician", "perfusionist", "nurse", "driver"] as const;
export const KINDS = [
  "console",
  "backup_drive",
  "circuit",
  "cannula",
  "blood",
  "cylinder",
  "battery",
  "ventilator",
  "monitor",
  "pump",
  "heater",
  "blood_gas",
  "ultrasound",
] as const;

/** Roles that the mission needs or has, in their order. */
export function rolesOf(told: Pick<Mission, "bookings" | "team_lacking">, duties: readonly Duty[]): RoleRow[] {
  const rows = ROLES.map((role): RoleRow => {
    const lack = told.team_lacking.find(({ what }) => what === role);
    const able = new Set(lack?.could);
    return {
      role,
      booked: told.bookings.flatMap((one) =>
        one.role === role && one.until_at === null && one.person_id !== null
          ? [
              {
                bookingId: one.id,
                personId: one.person_id,
                name: one.name ?? "—",
                duty: duties.find(({ person_id }) => person_id === one.person_id) ?? null,
              },
            ]
          : [],
      ),
      lacking: lack?.number ?? 0,
      could: duties.filter(({ person_id, mission_id }) => able.has(person_id) && mission_id === null),
    };
  });
  return rows.filter(({ booked, lacking }) => booked.length > 0 || lacking > 0);
}

export interface KindRow {
  kind: KitKind;
  booked: readonly { bookingId: string; piece: Piece }[];
  lacking: number;
  /** Pieces that can be counted on and nobody has; those of the mission's own centre first. */
  could: readonly Piece[];
}

export function kindsOf(
  told: Pick<Mission, "bookings" | "kit_lacking"> & { mission: { centre_id: string } },
  kit: readonly Piece[],
): KindRow[] {
  const pieces = new Map(kit.map((one) => [one.id, one]));
  const near = (one: Piece): number => (one.hospital_id === told.mission.centre_id ? 0 : 1);
  const rows = KINDS.map((kind): KindRow => {
    const booked = told.bookings.flatMap((one) => {
      const piece = one.until_at === null && one.kit_id !== null ? pieces.get(one.kit_id) : undefined;
      return piece?.kind === kind ? [{ bookingId: one.id, piece }] : [];
    });
    return {
      kind,
      booked,
      lacking: told.kit_lacking.find(({ what }) => what === kind)?.number ?? 0,
      could: kit
        .filter((one) => one.kind === kind && one.mission_id === null && one.problems.length === 0)
        .sort((one, other) => near(one) - near(other) || one.code.localeCompare(other.code)),
    };
  });
  return rows.filter(({ booked, lacking, could }) => booked.length > 0 || lacking > 0 || could.length > 0);
}

/** How many people the team has, and how many it needs. */
export function teamCount(rows: readonly RoleRow[]): { has: number; needs: number } {
  const has = rows.reduce((sum, { booked }) => sum + booked.length, 0);
  return { has, needs: has + rows.reduce((sum, { lacking }) => sum + lacking, 0) };
}
