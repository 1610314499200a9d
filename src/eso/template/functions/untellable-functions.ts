/** Functions that templates may call and whose results are not told here, by the reason. Parameters as Go has them; what has another type of its
 * own there (time.Time, a certificate) is an `interface {}` here. */
import type { UnpredictableReason } from '../../go-error.ts';
import type { GoParameter, TemplateFunction } from '../go-value.ts';
import { unpredictable } from './go-function.ts';

/** `name: parameter, parameter`, where `any` is an interface and `any[]` a list of them. */
const signatures: Readonly<Partial<Record<UnpredictableReason, string>>> = {
  random: `
    now: | ago: any | shuffle: string | uuidv4: | randAlphaNum: int | randAlpha: int | randAscii: int | randNumeric: int
    randBytes: int | randInt: int, int | bcrypt: string | htpasswd: string, string | encryptAES: string, string
    genPrivateKey: string | genCA: string, int | genCAWithKey: string, int, string
    genSelfSignedCert: string, any[], any[], int | genSelfSignedCertWithKey: string, any[], any[], int, string
    genSignedCert: string, any[], any[], int, any | genSignedCertWithKey: string, any[], any[], int, any, string`,
  resource: 'getHostByName: string | getSecretKey: string, string, string',
  operator: 'date: string, any | htmlDate: any | toDate: string, string | mustToDate: string, string',
  template: `
    date_modify: string, any | dateModify: string, any | must_date_modify: string, any | mustDateModify: string, any
    unixEpoch: any | buildCustomCert: string, string | decryptAES: string, string | semver: string
    rsaDecrypt: string, string, string, string | pkcs12key: string | pkcs12keyPass: string, string | pkcs12cert: string
    pkcs12certPass: string, string | pemToPkcs12: string, string | pemToPkcs12Pass: string, string, string
    fullPemToPkcs12: string, string | fullPemToPkcs12Pass: string, string, string | pemTruststoreToPKCS12: string
    pemTruststoreToPKCS12Pass: string, string | filterPEM: string, string | filterCertChain: string, string
    jwkPublicKeyPem: string | jwkPrivateKeyPem: string`,
};

export const untellableFunctions: readonly [string, TemplateFunction][] = Object.entries(signatures).flatMap(
  ([reason, text]) =>
    parse(text).map(([name, parameters]) => unpredictable(reason as UnpredictableReason, name, parameters)),
);

/** These came with version 2. */
export const laterUntellableFunctions: readonly [string, TemplateFunction][] = [
  unpredictable('template', 'certSANs', ['string']),
  unpredictable('template', 'hexdec', ['string']),
];

function parse(text: string): [string, GoParameter[]][] {
  return text
    .split(/[|\n]/)
    .filter((signature) => signature.includes(':'))
    .map((signature) => {
      const [name = '', parameters = ''] = signature.split(':');
      return [name.trim(), parameters.split(',').flatMap((parameter) => typeOf(parameter.trim()))];
    });
}

function typeOf(written: string): GoParameter[] {
  switch (written) {
    case 'int':
    case 'string':
      return [written];
    case 'any':
      return ['interface {}'];
    case 'any[]':
      return ['[]interface {}'];
    default:
      return [];
  }
}
