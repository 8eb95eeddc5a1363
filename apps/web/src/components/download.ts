/** How long the browser has to begin reading; kept on, the file would stay in memory as long as the page. */
const READ_MILLISECONDS = 10_000;

/** Hands a file made here over to the person: exactly these bytes, which went to no server. */
export function downloadFile(name: string, type: string, bytes: Uint8Array<ArrayBuffer>): void {
  const href = URL.createObjectURL(new Blob([bytes], { type }));
  const link = document.createElement('a');
  link.href = href;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(href), READ_MILLISECONDS);
}
