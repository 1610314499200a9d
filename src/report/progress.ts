/** How far a long job is, in one line: `writing  ██████░░░░  1,234 of 10,000  29/s  4 min 53 s left  3 retries`. */

const WIDTH = 20;

export type Progress = {
  readonly what: string;
  readonly done: number;
  readonly of: number;
  /** Since it began. */
  readonly elapsedMs: number;
  /** How often a store had to be asked again. */
  readonly retries: number;
};

export function renderProgress({ what, done, of, elapsedMs, retries }: Progress): string {
  const full = of === 0 ? WIDTH : Math.floor((WIDTH * done) / of);
  const perSecond = elapsedMs === 0 ? 0 : (done * 1000) / elapsedMs;
  const parts = [
    `${what}  ${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}`,
    `${grouped(done)} of ${grouped(of)}`,
    ...(perSecond === 0 ? [] : [`${perSecond < 10 ? perSecond.toFixed(1) : grouped(Math.round(perSecond))}/s`]),
    ...(perSecond === 0 || done >= of ? [] : [`${renderDuration(((of - done) * 1000) / perSecond)} left`]),
    ...(retries === 0 ? [] : [`${grouped(retries)} ${retries === 1 ? 'retry' : 'retries'}`]),
  ];
  return parts.join('  ');
}

/** The two largest units: `2 h 5 min`, `4 min 53 s`, `7 s`. */
export function renderDuration(durationMs: number): string {
  const seconds = Math.ceil(durationMs / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}
