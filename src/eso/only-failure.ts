import type { GoError } from './go-error.ts';
import { Unpredictable } from './go-error.ts';

/**
 * The failure with which the operator leaves a loop over a map, whose order is another each time: it reports the first that it comes upon.
 * @param what for people, where several are possible: `several of its keys are not valid`
 * @returns undefined where there is none
 * @throws Unpredictable where there are several with different texts
 */
export function onlyFailure(failures: readonly GoError[], what: string): GoError | undefined {
  const [first, ...others] = failures;
  const text = first?.text.reveal();
  if (others.some((other) => other.text.reveal() !== text))
    throw new Unpredictable('map-order', `${what}, and the operator reports any one of them`);
  return first;
}
