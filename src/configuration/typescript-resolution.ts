/**
 * Lets config/ import `./ai-platform-azure-config` without an extension, as users of TypeScript write it. Node resolves TypeScript files
 * only by their full name.
 */
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const candidates = ['.ts', '/index.ts'];

export function allowImportsWithoutExtension(): void {
  registerHooks({
    resolve(specifier, context, next) {
      if (context.parentURL === undefined || !/^\.{1,2}\//.test(specifier) || /\.[cm]?[jt]sx?$|\.json$/.test(specifier))
        return next(specifier, context);
      const found = candidates.find((end) => existsSync(fileURLToPath(new URL(specifier + end, context.parentURL))));
      return next(found === undefined ? specifier : specifier + found, context);
    },
  });
}
