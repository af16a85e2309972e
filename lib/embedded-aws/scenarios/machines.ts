/** A program with an IAM user of its own. Ages in days before the start of the scenario. */
export interface Machine {
  readonly name: string;
  readonly path: '/ci/' | '/services/' | '/legacy/' | '/vendors/' | '/shared/' | '/break-glass/';
  /** The tag that names its owner; machines without it are the ones that make such accounts messy. */
  readonly owner?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly keys: readonly MachineKey[];
}

export interface MachineKey {
  readonly age: number;
  readonly used: number | 'never';
  readonly service?: string;
  readonly inactive?: true;
}

/** The machines that the demo tells about. */
export const FEATURED = {
  forgotten: 'report-exporter',
  quarterly: 'quarterly-billing',
  neverUsed: 'pilot-uploader',
  shared: 'warehouse-ops',
  emergency: 'emergency-1',
  formerVendor: 'brightpixel-deploy',
  busy: 'release-bot',
  crowded: 'build-agent',
  revived: 'preview-env',
} as const;

export const MACHINES: readonly Machine[] = [
  { name: FEATURED.busy, path: '/ci/', owner: 'platform', keys: [{ age: 64, used: 0 }] },
  { name: FEATURED.forgotten, path: '/ci/', owner: 'farid', keys: [{ age: 611, used: 204 }] },
  { name: FEATURED.quarterly, path: '/ci/', owner: 'dmitri', keys: [{ age: 430, used: 77 }] },
  { name: FEATURED.neverUsed, path: '/ci/', owner: 'hugo', keys: [{ age: 158, used: 'never' }] },
  // A third key, which the credential report does not show.
  {
    name: FEATURED.crowded,
    path: '/ci/',
    owner: 'platform',
    keys: [
      { age: 520, used: 0 },
      { age: 240, used: 1 },
      { age: 239, used: 238 },
    ],
  },
  { name: 'image-scanner', path: '/ci/', owner: 'ana', keys: [{ age: 51, used: 0 }] },
  { name: 'docs-publisher', path: '/ci/', owner: 'iris', keys: [{ age: 340, used: 93 }] },
  { name: 'mobile-signing', path: '/ci/', owner: 'quinn', keys: [{ age: 88, used: 4 }] },
  { name: 'load-test', path: '/ci/', owner: 'jonas', keys: [{ age: 276, used: 151 }] },
  { name: 'schema-check', path: '/ci/', owner: 'data', keys: [{ age: 29, used: 0 }] },
  { name: FEATURED.revived, path: '/ci/', owner: 'web', keys: [{ age: 183, used: 52 }] },
  { name: 'license-audit', path: '/ci/', owner: 'pavel', keys: [{ age: 402, used: 188 }] },

  {
    name: 'label-printer',
    path: '/services/',
    owner: 'warehouse',
    keys: [{ age: 73, used: 0, service: 'sqs' }],
  },
  {
    name: 'route-planner',
    path: '/services/',
    owner: 'data',
    keys: [{ age: 210, used: 0, service: 'dynamodb' }],
  },
  {
    name: 'tracking-mail',
    path: '/services/',
    owner: 'support',
    keys: [{ age: 155, used: 1, service: 'ses' }],
  },
  { name: 'invoice-archive', path: '/services/', owner: 'finance', keys: [{ age: 700, used: 2 }] },
  { name: 'geo-import', path: '/services/', owner: 'farid', keys: [{ age: 320, used: 119 }] },
  {
    name: 'push-gateway',
    path: '/services/',
    owner: 'liam',
    keys: [
      { age: 610, used: 170, inactive: true },
      { age: 40, used: 0, service: 'sns' },
    ],
  },

  { name: 'ftp-bridge', path: '/legacy/', keys: [{ age: 1690, used: 0 }] },
  { name: 'old-website', path: '/legacy/', keys: [{ age: 2140, used: 733 }] },
  { name: 'nightly-dump', path: '/legacy/', keys: [{ age: 1300, used: 266 }] },
  { name: 'test-robert', path: '/legacy/', keys: [{ age: 980, used: 'never' }] },
  { name: 'pager', path: '/legacy/', keys: [{ age: 1180, used: 640, inactive: true }] },

  {
    name: FEATURED.formerVendor,
    path: '/vendors/',
    tags: { vendor: 'brightpixel' },
    keys: [{ age: 460, used: 58 }],
  },
  {
    name: 'brightpixel-assets',
    path: '/vendors/',
    tags: { vendor: 'brightpixel' },
    keys: [{ age: 455, used: 3 }],
  },
  {
    name: 'paywise-settlement',
    path: '/vendors/',
    tags: { vendor: 'paywise' },
    keys: [{ age: 70, used: 0 }],
  },
  { name: 'weatherfeed', path: '/vendors/', tags: { vendor: 'weatherfeed' }, keys: [{ age: 580, used: 97 }] },

  // One account that a whole shift shares: the key in daily use must never be taken for the idle one.
  {
    name: FEATURED.shared,
    path: '/shared/',
    owner: 'warehouse',
    keys: [
      { age: 903, used: 0, service: 'ec2' },
      { age: 365, used: 140, service: 'ec2' },
    ],
  },

  { name: FEATURED.emergency, path: '/break-glass/', owner: 'security', keys: [{ age: 400, used: 'never' }] },
  { name: 'emergency-2', path: '/break-glass/', owner: 'security', keys: [{ age: 400, used: 366 }] },
];
