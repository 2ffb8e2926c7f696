/** Which layers this seat looks at. Closures in force cannot be hidden for ever: they come back with the page. */

export interface Shown {
  stations: boolean;
  hospitals: boolean;
  closures: boolean;
  areas: boolean;
  trail: boolean;
  follow: boolean;
}

export const shown: Shown = $state({
  stations: true,
  hospitals: true,
  closures: true,
  areas: false,
  trail: false,
  follow: false,
});
