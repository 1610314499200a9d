/** JUnit's XML of what was checked: one test case each, passed, failed or skipped. */
import { escapeXml } from './junit-report.ts';

export type CheckedCase = {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** If it did not pass: why, and what to do about it. */
  readonly code?: string;
  readonly message?: string;
  readonly hint?: string;
};

export function renderJunitCases(command: string, cases: readonly CheckedCase[]): string {
  const suite = `lockstep.${escapeXml(command)}`;
  const count = (outcome: CheckedCase['outcome']): number => cases.filter((one) => one.outcome === outcome).length;
  const rendered = cases.map(({ name, outcome, code = '', message = '', hint = '' }) => {
    const opening = `  <testcase classname="${suite}" name="${escapeXml(name)}"`;
    const told = escapeXml(code === '' ? message : `${code}: ${message}`);
    switch (outcome) {
      case 'passed':
        return `${opening}/>\n`;
      case 'failed':
        return `${opening}>\n    <failure type="${escapeXml(code)}" message="${told}">${escapeXml(hint)}</failure>\n  </testcase>\n`;
      case 'skipped':
        return `${opening}>\n    <skipped message="${told}"/>\n  </testcase>\n`;
    }
  });
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    `<testsuite name="lockstep ${escapeXml(command)}" tests="${cases.length}" failures="${count('failed')}" skipped="${count('skipped')}">\n` +
    `${rendered.join('')}</testsuite>\n`
  );
}
