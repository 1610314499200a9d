/** The faults that every migration is carried out under: of the requests 10 % are answered 429, 5 % 500 to 504, 2 % are cut off. */
import type { Fault, FaultEffect } from '../../src/dev/faults.ts';
import type { Arena } from './arena.ts';
import { marker } from './hostile-values.ts';

/** Some servers quote what they were sent. */
const errors = [`it was "${marker}-echoed"`];

function status(code: number, headers: Readonly<Record<string, string>> = {}): FaultEffect {
  return { kind: 'status', status: code, errors, headers };
}

const weather: readonly (readonly [rate: number, effect: FaultEffect])[] = [
  // Waits of a second, as Azure asks for, 200,000 times over would take days: most ask for none.
  [0.08, status(429, { 'Retry-After': '0' })],
  [0.02, status(429, { 'Retry-After': '0', 'retry-after-ms': '15' })],
  [0.0125, status(500)],
  [0.0125, status(502)],
  [0.0125, status(503)],
  [0.0125, status(504)],
  [0.005, { kind: 'drop' }],
  [0.005, { kind: 'half-response' }],
  [0.01, { kind: 'refuse' }],
];

/** @param patience whether some refusals ask for a second, or say nothing of when to come back */
export function addWeather(arena: Arena, patience: boolean): void {
  for (const { faults } of [arena.vault, arena.azure]) {
    const add = (fault: Fault): (() => void) => faults.add(fault as never);
    if (patience) {
      add({ effect: status(429, { 'Retry-After': '1' }), rate: 0.002, times: 1 });
      add({ effect: status(429), rate: 0.002, times: 1 });
    }
    let left = 1;
    for (const [rate, effect] of weather) {
      // The first that matches takes effect, so each is asked only about what those before it have left.
      add({ effect, rate: rate / left });
      left -= rate;
    }
  }
}
