/** A picture shows one moment and never claims to be live: its age is marked after a quarter of an hour, and an hour. */
export const PICTURE_AGES = { oldMs: 900_000, staleMs: 3_600_000 } as const;
