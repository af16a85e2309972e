/**
 * Whether a URL can only lead to this machine: http or https to 127.0.0.0/8, ::1 or the very name localhost.
 * Strict, because acting from a command line rests on it: no user part (`http://127.0.0.1@evil.example`), no
 * name that merely contains such an address (`127.0.0.1.nip.io`), no unspecified or mapped addresses.
 */
export function isLoopback(url: string): boolean {
  if (/[\s\\]/.test(url) || !URL.canParse(url)) return false;
  const { protocol, hostname, username, password } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') return false;
  if (username !== '' || password !== '' || /^[a-z]+:\/\/[^/?#]*@/i.test(url)) return false;
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
