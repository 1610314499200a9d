/**
 * Loaded before the command (--import). Azure takes 300 writes in 10 s from a vault, and the client keeps to it: 500 secrets take 20 s, and with
 * every tenth answer a 429, after each of which it halves its pace, minutes. Here the same limits hold for a window that is 500 times as short.
 */
import { keyVaultCallLimits } from '../../src/stores/call-budget.ts';

Object.assign(keyVaultCallLimits, { windowMs: keyVaultCallLimits.windowMs / 500 });
