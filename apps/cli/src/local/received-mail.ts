/** A mail as it arrived. */
export interface ReceivedMail {
  /** By name in small letters, unfolded, encoded words left as they are. */
  readonly headers: Readonly<Record<string, string>>;
  /** Lines end with CRLF. */
  readonly text: string;
  /** Empty where there is none. */
  readonly html: string;
}

/**
 * Reads what our own processes mail: one part, or two as alternatives, of UTF-8. No general reader of mails; what it cannot read it
 * shows as it stands.
 */
export function receivedMail(raw: string): ReceivedMail {
  const whole = entity(raw);
  const boundary = /^multipart\/alternative;.*\bboundary="?([^";]+)"?/i.exec(whole.headers['content-type'] ?? '')?.[1];
  if (boundary === undefined) return { headers: whole.headers, text: content(whole), html: '' };
  const parts = whole.body
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => entity(part.replace(/^\r\n/, '')));
  const of = (type: string): string => {
    const part = parts.find(({ headers }) => headers['content-type']?.startsWith(type));
    return part ? content(part) : '';
  };
  return { headers: whole.headers, text: of('text/plain'), html: of('text/html') };
}

interface Entity {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function entity(raw: string): Entity {
  const end = raw.indexOf('\r\n\r\n');
  const head = end < 0 ? raw : raw.slice(0, end);
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const headers = lines.map((line) => [
    line.slice(0, line.indexOf(':')).toLowerCase(),
    line.slice(line.indexOf(':') + 1).trim(),
  ]);
  return { headers: Object.fromEntries(headers) as Record<string, string>, body: end < 0 ? '' : raw.slice(end + 4) };
}

function content({ headers, body }: Entity): string {
  const encoding = headers['content-transfer-encoding']?.toLowerCase();
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return body;
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
