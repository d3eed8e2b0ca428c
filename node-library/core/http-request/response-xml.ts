import { isObject, type Json, MillraceError } from '@millrace/contract';
import { readXmlOfAnySize } from '../xml/large-xml.ts';

export { xmlCharset } from '../xml/read-xml.ts';

/**
 * An XML answer as JSON, in the shape that `readXml` gives.
 * @param tenant slug of who asked
 * @throws {MillraceError} `RESPONSE_NOT_XML` with the reason
 */
export async function jsonOfXml(text: string, tenant: string): Promise<Json> {
  try {
    return await readXmlOfAnySize(text, tenant);
  } catch (thrown) {
    throw thrown instanceof MillraceError ? notXml(thrown) : thrown;
  }
}

function notXml(cause: MillraceError): MillraceError {
  const { details } = cause.options;
  const reason = isObject(details) ? details.reason : cause.message;
  const message = `The answer says that it is XML, and cannot be read as such: ${reason}.`;
  return new MillraceError('RESPONSE_NOT_XML', message, { category: 'server', cause });
}
