import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fetchTemplate, type Reach } from '../../src/workspace/fetch-template.js';
import { isPublicAddress } from '../../src/workspace/public-address.js';
import { startTlsServer, type TlsServer } from '../tls-server.js';
import { temporaryFolder } from './temporary-folder.js';

describe('an address', () => {
  test.each(['8.8.8.8', '1.1.1.1', '100.63.255.255', '172.15.0.1', '172.32.0.1', '2606:4700::1111', '2a00:1450::1'])(
    '%s is public',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  test.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '100.127.255.255',
    '127.0.0.1',
    '127.255.255.254',
    '168.63.129.16',
    '169.254.169.254',
    '169.254.170.2',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.192',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '239.255.255.255',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:8.8.8.8',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fec0::1',
    'ff02::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    'localhost',
    '2130706433',
    '',
  ])('%s is not public', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('what the internet has', () => {
  test.each([
    ['https://127.0.0.1/', 'it is not on the public internet'],
    ['https://127.1/', 'it is not on the public internet'],
    ['https://2130706433/', 'it is not on the public internet'],
    ['https://0x7f.1/', 'it is not on the public internet'],
    ['https://[::1]/', 'it is not on the public internet'],
    ['https://[::ffff:169.254.169.254]/', 'it is not on the public internet'],
    ['https://169.254.169.254/latest/meta-data/', 'it is not on the public internet'],
    ['https://localhost/', 'it is not on the public internet'],
    ['http://8.8.8.8/', 'it is no https URL'],
    ['file:///etc/passwd', 'it is no https URL'],
    ['data:text/plain,a', 'it is no https URL'],
    ['https://user:password@example.com/', 'it is a URL with credentials'],
  ])('is not %s', async (url, why) => {
    await expect(fetchTemplate(url)).rejects.toMatchObject({ message: why });
  });
});

describe('a server', () => {
  let server: TlsServer;
  const asked: string[] = [];
  const at = (path: string): string => `https://there:${server.port}${path}`;
  beforeAll(async () => {
    server = await startTlsServer(temporaryFolder({}), ({ url = '' }, response) => {
      asked.push(url);
      const [, kind, to = ''] = /^\/(\w+)(?:\?to=(.*))?$/.exec(url) ?? [];
      if (kind === 'redirect') response.writeHead(302, { location: decodeURIComponent(to) }).end();
      else if (kind === 'circle') response.writeHead(302, { location: '/circle' }).end();
      else if (kind === 'large') response.end(new Uint8Array(1_048_577));
      else if (kind === 'refused') response.writeHead(403, 'secret ::set-output::').end('secret');
      else if (kind === 'broken')
        response.writeHead(200, { 'content-length': '10' }).write('a', () => response.destroy());
      else response.end('template');
    });
  });
  afterAll(() => server.stop());

  const fetched = async (path: string, reach: Reach = server.reach): Promise<string> =>
    Buffer.from(await fetchTemplate(at(path), reach)).toString();

  test('is asked, also behind a redirect', async () => {
    expect(await fetched('/plain')).toBe('template');
    expect(await fetched('/redirect?to=%2Fplain')).toBe('template');
  });

  test.each([
    ['/redirect?to=http%3A%2F%2Fexample.com', 'it redirects to what is no https URL'],
    ['/redirect?to=file%3A%2F%2F%2Fetc%2Fpasswd', 'it redirects to what is no https URL'],
    ['/circle', 'it redirects more than 3 times'],
    ['/large', 'it has more than 1048576 bytes'],
    ['/refused', 'the server says 403'],
    ['/broken', 'it cannot be reached (ECONNRESET)'],
  ])('%s: %s', async (path, why) => {
    await expect(fetched(path)).rejects.toMatchObject({ message: why });
  });

  test('of a private address is not connected to, also not behind a redirect or a name that changes its meaning', async () => {
    const count = asked.length;
    const own = { ...server.reach, isAllowed: isPublicAddress };
    await expect(fetched('/plain', own)).rejects.toMatchObject({ message: 'it is not on the public internet' });
    expect(asked).toHaveLength(count);

    // The first name may be anywhere; what it redirects to is looked at again, and so is the same name asked twice.
    const onlyFirst = () => {
      let looked = 0;
      return { ...server.reach, isAllowed: () => (looked += 1) === 1 };
    };
    await expect(fetched('/redirect?to=%2Fplain', onlyFirst())).rejects.toThrow('it is not on the public internet');
    const literal = encodeURIComponent(`https://127.0.0.1:${server.port}/plain`);
    await expect(fetched(`/redirect?to=${literal}`, onlyFirst())).rejects.toThrow('it is not on the public internet');
    expect(asked.slice(count)).toEqual(['/redirect?to=%2Fplain', `/redirect?to=${literal}`]);
  });

  test('with a private address among its public ones is not connected to', async () => {
    const addresses = ['8.8.8.8', '127.0.0.1'].map((address) => ({ address, family: 4 }));
    const reach = { ...server.reach, resolve: () => Promise.resolve(addresses), isAllowed: isPublicAddress };
    await expect(fetched('/plain', reach)).rejects.toThrow('it is not on the public internet');
  });

  test('that nobody vouches for is not believed', async () => {
    const { resolve, isAllowed } = server.reach;
    await expect(fetchTemplate(at('/plain'), { resolve, isAllowed })).rejects.toMatchObject({
      message: 'it cannot be reached (DEPTH_ZERO_SELF_SIGNED_CERT)',
    });
  });
});
