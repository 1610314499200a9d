/** Codes of Vault, when it is set up. */
import type { ProblemPage } from './problem-page.ts';

export const vaultPages = {
  V001: {
    title: 'Something in Vault is not as it must be, and not Lockstep’s',
    why: 'Lockstep changes only what it made itself, or was given. Somebody else may depend on the rest.',
    mend: 'Do what the message says: name another, let it be removed, or give it to Lockstep. docs/decisions/009-what-bootstrap-owns.md tells by which marks.',
  },
  V002: {
    title: 'A path cannot stand in a policy',
    why: 'In policies of Vault some signs stand for anything, and nothing escapes them. The rule would open more than the one path.',
    mend: 'Rename the secret’s vaultPath: no "*" at its end, no "+" between slashes, no "+*", "{{", "}}" or "${".',
  },
  V003: {
    title: 'The token lacks a capability',
    why: 'Everything is asked for before the first write, so that nothing is left half done.',
    mend: 'Use a token whose policies hold what the message says; sys/audit and sys/auth also need sudo.',
  },
  V004: {
    title: 'An audit device writes values as they are',
    why: 'With log_raw every secret that anybody reads or writes stands in the log.',
    mend: 'Disable the device, delete its log, and rotate what was read or written meanwhile.',
  },
  V005: {
    title: 'Vault was not set up to the end',
    why: 'A step failed, or somebody changed Vault at the same time. What was done before stays, and is right.',
    mend: 'Mend what the message says and run the command again: it does the rest.',
  },
} as const satisfies Readonly<Record<string, ProblemPage>>;
