import { XmlShapeSerializer } from '@aws-sdk/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import type { AwsError } from './aws-error.js';
import type { QueryDialect } from './query-request.js';

const NAMESPACES = {
  ec2: 'http://ec2.amazonaws.com/doc/2016-11-15/',
  query: 'https://sts.amazonaws.com/doc/2011-06-15/',
} as const satisfies Record<QueryDialect, string>;

export interface QueryAnswer {
  readonly operation: string;
  readonly schema: NormalizedSchema;
  readonly value: unknown;
  readonly requestId: string;
  readonly dialect: QueryDialect;
}

/** The XML body of a successful answer. */
export function encodeQueryAnswer({ operation, schema, value, requestId, dialect }: QueryAnswer): string {
  const members = schema.isUnitSchema() ? '' : membersAsXml(schema, value);
  const content =
    dialect === 'ec2'
      ? `<requestId>${requestId}</requestId>${members || '<return>true</return>'}`
      : `<${operation}Result>${members}</${operation}Result>` +
        `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${operation}Response xmlns="${NAMESPACES[dialect]}">${content}</${operation}Response>`;
}

/** The serializer names the root after the output shape, AWS after the operation: so only what is inside is kept. */
function membersAsXml(schema: NormalizedSchema, value: unknown): string {
  const dateTime = 5 as const;
  const serializer = new XmlShapeSerializer({
    xmlNamespace: '',
    serviceNamespace: '',
    timestampFormat: { useTrait: true, default: dateTime },
  });
  serializer.write(schema, value ?? {});
  const xml = String(serializer.flush());
  return xml.endsWith('/>') && xml.indexOf('>') === xml.length - 1
    ? ''
    : xml.slice(xml.indexOf('>') + 1, xml.lastIndexOf('</'));
}

export function encodeQueryError(error: AwsError, requestId: string, dialect: QueryDialect): string {
  const code = `<Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message>`;
  if (dialect === 'ec2') {
    const errors = `<Errors><Error>${code}</Error></Errors>`;
    return `<?xml version="1.0" encoding="UTF-8"?>\n<Response>${errors}<RequestID>${requestId}</RequestID></Response>`;
  }
  const type = error.status < 500 ? 'Sender' : 'Receiver';
  return (
    `<ErrorResponse xmlns="${NAMESPACES[dialect]}"><Error><Type>${type}</Type>${code}</Error>` +
    `<RequestId>${requestId}</RequestId></ErrorResponse>`
  );
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
