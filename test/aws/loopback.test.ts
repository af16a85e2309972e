import { describe, expect, test } from 'vitest';
import { isLoopback } from '../../lib/aws/index.ts';

describe('acting from a command line needs endpoints that cannot leave this machine', () => {
  test.each([
    'http://127.0.0.1',
    'http://127.0.0.1:4566',
    'https://127.0.0.1:4566/path?query=1',
    'http://127.255.0.7:80',
    'http://localhost:5000',
    'http://LOCALHOST:5000',
    'http://[::1]:8000/',
    'http://2130706433/', // 127.0.0.1 written as one number
  ])('%s is loopback', (url) => {
    expect(isLoopback(url)).toBe(true);
  });

  test.each([
    ['a public endpoint', 'https://iam.amazonaws.com'],
    ['a name that begins with localhost', 'http://localhost.evil.com'],
    ['a name that ends with localhost', 'http://evil-localhost'],
    ['a name under localhost', 'http://aws.localhost'],
    ['localhost with a dot at the end', 'http://localhost.:5000'],
    ['a public name that resolves to 127.0.0.1', 'http://127.0.0.1.nip.io'],
    ['a loopback address as user name', 'http://127.0.0.1@evil.com'],
    ['localhost as user and port as password', 'http://localhost:4566@evil.com'],
    ['a user name before a loopback address', 'http://evil.com@127.0.0.1'],
    ['an empty user name', 'http://@127.0.0.1'],
    ['a loopback address as path', 'http://evil.com/127.0.0.1'],
    ['a loopback address as fragment', 'http://evil.com#@127.0.0.1'],
    ['a backslash that parsers read differently', 'http://127.0.0.1\\@evil.com'],
    ['a space', ' http://127.0.0.1'],
    ['a line break inside', 'http://127.0.0.1\n.evil.com'],
    ['the unspecified address', 'http://0.0.0.0:4566'],
    ['a private address', 'http://10.0.0.1'],
    ['the metadata service', 'http://169.254.169.254'],
    ['a mapped IPv6 address', 'http://[::ffff:127.0.0.1]'],
    ['another IPv6 address', 'http://[::2]'],
    ['another scheme', 'ftp://127.0.0.1'],
    ['a file', 'file:///127.0.0.1'],
    ['no scheme', '127.0.0.1:4566'],
    ['nothing', ''],
  ])('%s is not: %s', (_what, url) => {
    expect(isLoopback(url)).toBe(false);
  });
});
