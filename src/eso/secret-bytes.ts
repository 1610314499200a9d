/** A value of a Kubernetes Secret, which may be any bytes. Printed, it is `<redacted>`. */
import { SecretValue } from '../model/secret-value.ts';
import type { GoString } from './go/go-string.ts';

export class SecretBytes extends SecretValue {
  // eslint-disable-next-line @typescript-eslint/no-useless-constructor -- it takes bytes, where a SecretValue takes any text
  constructor(bytes: GoString) {
    super(bytes);
  }

  /** One byte in each UTF-16 unit: see GoString. */
  override reveal(): GoString {
    return super.reveal() as GoString;
  }
}
