import type { Refusal } from './api-shapes.js';

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One page of a list, with the Link header that leads to the others (docs.github.com, Using pagination in the REST API). */
export function page(address: URL, items: readonly unknown[]): Answer {
  const numberOf = (name: string, otherwise: number) =>
    Number(address.searchParams.get(name) ?? otherwise) || otherwise;
  const size = Math.min(numberOf('per_page', 30), 100);
  const current = numberOf('page', 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const link = (to: number, rel: string) => {
    const url = new URL(address);
    url.searchParams.set('page', String(to));
    return `<${url.href}>; rel="${rel}"`;
  };
  const links = [
    ...(current > 1 ? [link(current - 1, 'prev')] : []),
    ...(current < last ? [link(current + 1, 'next'), link(last, 'last')] : []),
    ...(current > 1 ? [link(1, 'first')] : []),
  ];
  return {
    status: 200,
    body: items.slice((current - 1) * size, current * size),
    ...(links.length > 0 && { headers: { link: links.join(', ') } }),
  };
}

export function refuse(status: number, message: string, errors?: readonly object[]): Answer {
  const body: Refusal = {
    message,
    ...(errors && { errors }),
    documentation_url: 'https://docs.github.com/rest',
    status: String(status),
  };
  return { status, body };
}

export function invalid(message: string): Answer {
  return refuse(422, 'Validation Failed', [
    { resource: 'IssueComment', code: 'unprocessable', field: 'data', message },
  ]);
}

export const NOT_FOUND = refuse(404, 'Not Found');
export const INACCESSIBLE = refuse(403, 'Resource not accessible by integration');
