/**
 * Predicts many ExternalSecrets at once. What a prediction needs of the stores is read and the prediction made again, until nothing is needed;
 * whoever else needs the same gets the same answer, so each distinct remote secret is read once.
 */
import type { Predicted, Prediction, PredictionInput, World } from '../eso/prediction.ts';
import type { ProviderAnswer, ProviderRequest } from '../eso/provider.ts';
import { requestId } from '../eso/provider.ts';
import type { ExternalSecret } from '../eso/resources.ts';
import { InternalError } from '../model/problem.ts';

/** Reads one thing of a store. What cannot be read is an answer (`forbidden-to-us`, `unknown`); it throws for nothing that a store can do. */
export type ProviderReader = (request: ProviderRequest) => Promise<ProviderAnswer>;

export type DriveOptions = {
  /** Of src/eso/predict.ts. */
  readonly predict: (input: PredictionInput) => Prediction;
  readonly world: Omit<World, 'read'>;
  readonly readers: ProviderReader;
  /** How many reads are under way at once. */
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
};

/** @property used in the order in which they were asked for */
export type Answers = { readonly used: readonly UsedAnswer[]; readonly read: World['read'] };

export type UsedAnswer = { readonly request: ProviderRequest; readonly answer: ProviderAnswer };

export type Driven<Outcome> = {
  /** In the order of the ExternalSecrets. */
  readonly outcomes: readonly Outcome[];
  /** How many distinct things were read. */
  readonly reads: number;
};

/**
 * @param conclude is given each prediction once, with the answers that it was made of; what it keeps of them is its own affair
 * @throws whatever a reader throws; `signal.reason`
 */
export async function drivePredictions<Item extends { readonly externalSecret: ExternalSecret }, Outcome>(
  items: readonly Item[],
  { predict, world, readers, concurrency, signal }: DriveOptions,
  conclude: (item: Item, predicted: Predicted, answers: Answers) => Outcome,
): Promise<Driven<Outcome>> {
  const answers = new Map<string, ProviderAnswer>();
  const outcomes = new Map<number, Outcome>();
  let waiting = items.map((item, index) => ({ item, index }));
  while (waiting.length > 0) {
    const needed = new Map<string, ProviderRequest>();
    const unfinished: typeof waiting = [];
    for (const { item, index } of waiting) {
      const used: UsedAnswer[] = [];
      const read = (request: ProviderRequest): ProviderAnswer | undefined => {
        const answer = answers.get(requestId(request));
        if (answer !== undefined) used.push({ request, answer });
        return answer;
      };
      const prediction = predict({ externalSecret: item.externalSecret, world: { ...world, read } });
      if (prediction.kind === 'needs') {
        collectNeeds(prediction.requests, answers, needed);
        unfinished.push({ item, index });
      } else outcomes.set(index, conclude(item, prediction, { used, read }));
    }
    await readAll(needed, answers, readers, concurrency, signal);
    waiting = unfinished;
  }
  return { outcomes: items.map((_, index) => outcomes.get(index) as Outcome), reads: answers.size };
}

/** A prediction that asks for nothing but what is known would ask for ever. */
function collectNeeds(
  requests: readonly ProviderRequest[],
  answers: ReadonlyMap<string, ProviderAnswer>,
  needed: Map<string, ProviderRequest>,
): void {
  const unknown = requests.map((request) => [requestId(request), request] as const).filter(([id]) => !answers.has(id));
  if (unknown.length === 0) throw new InternalError(new RangeError('a prediction needs what is known already'));
  for (const [id, request] of unknown) needed.set(id, request);
}

async function readAll(
  needed: ReadonlyMap<string, ProviderRequest>,
  answers: Map<string, ProviderAnswer>,
  readers: ProviderReader,
  concurrency: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  // Shared by all workers: each takes the next one.
  const queue = needed.entries();
  const work = async (): Promise<void> => {
    for (const [id, request] of queue) {
      signal?.throwIfAborted();
      answers.set(id, await readers(request));
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, needed.size) }, work));
}
