/** Of the cases written by hand, those that are replayed without a lab: of each number of the reference, and of each kind, the first. */
import type { Recorded } from './observed.ts';

const ofEach = 1;
/** Longer ones are not: of a file that people may look into. */
const mostBytes = 4000;

export function reference(recorded: readonly Recorded[]): readonly Recorded[] {
  const taken = recorded.filter(({ id, observed }) => !/^g\d/.test(id) && observed.untried === undefined);
  const groups = Map.groupBy(taken, ({ id, family, about }) => {
    const provider = /-([vk])\d+$/.exec(id)?.[1] ?? '';
    return `${provider} ${family} ${/^(?:find )?[\d.]+(?= )|^\S+ \S+/.exec(about.replace(':', ' '))?.[0] ?? about}`;
  });
  return [...groups.values()]
    .flatMap((of) => of.slice(0, ofEach))
    .filter((one) => JSON.stringify({ ...one, world: one.world.remote }).length < mostBytes);
}
