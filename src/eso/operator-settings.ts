/** The operator's own settings, where nothing is known of how it runs. */
import type { OperatorSettings } from './prediction.ts';

/** @param version of the form 0.20.4. @returns undefined where it is none */
export function parseVersion(text: string): OperatorSettings['version'] | undefined {
  const match = /^v?(\d{1,5})\.(\d{1,5})\.(\d{1,5})$/.exec(text);
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3]) };
}

/** Where nobody says which: the release that `npm run test:preflight` compares with. */
export const defaultVersion = '0.20.4';

/** What its flags are where nobody sets them. */
export function defaultSettings(version: OperatorSettings['version']): OperatorSettings {
  return {
    version,
    controllerClass: 'default',
    floodGate: true,
    vaultTokenCache: false,
    templateDelimiters: ['{{', '}}'],
  };
}
