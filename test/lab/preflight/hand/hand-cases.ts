import type { Case } from '../case.ts';
import { changeCases } from './changes.ts';
import { keyCases } from './keys.ts';
import { sourceCases } from './sources.ts';
import { storeCases } from './stores.ts';
import { targetCases } from './targets.ts';
import { templateCases } from './templates.ts';
import { valueCases } from './values.ts';

export const handCases: readonly Case[] = [
  ...valueCases,
  ...keyCases,
  ...targetCases,
  ...templateCases,
  ...sourceCases,
  ...storeCases,
  ...changeCases,
];
