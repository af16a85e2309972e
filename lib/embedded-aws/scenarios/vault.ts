/** A secret of the company. Ages in days before the start of the scenario. */
export interface SecretSketch {
  readonly name: string;
  readonly region?: string;
  readonly owner?: string;
  readonly age: number;
  readonly used: number | 'never';
  /** Days since the last rotation; absent: rotation was never switched on. */
  readonly rotated?: number;
  /** Days between rotations; default 180. */
  readonly every?: number;
  readonly replica?: string;
}

/** The secrets that the demo tells about. */
export const FEATURED_SECRETS = {
  forgotten: 'legacy/ftp-password',
  orphan: 'tmp/robert-test',
  replicated: 'prod/checkout/signing-key',
} as const;

const HAND_WRITTEN: readonly SecretSketch[] = [
  { name: FEATURED_SECRETS.forgotten, owner: 'carla', age: 890, used: 214 },
  { name: FEATURED_SECRETS.orphan, age: 620, used: 'never' },
  // Idle here, busy in its replica: one Region's silence proves nothing.
  {
    name: FEATURED_SECRETS.replicated,
    owner: 'payments',
    age: 300,
    used: 160,
    rotated: 11,
    replica: 'us-east-1',
  },
  { name: 'prod/brightpixel/cms-token', owner: 'web', age: 440, used: 64 },
  { name: 'prod/paywise/api-key', owner: 'payments', age: 210, used: 0, rotated: 19 },
  { name: 'staging/partner-sandbox', owner: 'mona', age: 330, used: 210 },
  { name: 'prod/sms/provider-token', owner: 'support', age: 512, used: 1 },
  { name: 'legacy/crm-export', owner: 'pavel', age: 1020, used: 199 },
  { name: 'legacy/vpn-preshared', age: 1500, used: 410 },
  {
    name: 'us/warehouse/label-api',
    region: 'us-east-1',
    owner: 'warehouse',
    age: 260,
    used: 2,
    rotated: 71,
    every: 30,
  },
  { name: 'us/warehouse/scanner-wifi', region: 'us-east-1', age: 480, used: 133 },
];

const SERVICES = [
  { name: 'checkout', owner: 'payments' },
  { name: 'tracking', owner: 'support' },
  { name: 'routing', owner: 'data' },
  { name: 'storefront', owner: 'web' },
  { name: 'identity', owner: 'platform' },
  { name: 'warehouse', owner: 'warehouse' },
  { name: 'billing', owner: 'finance' },
  { name: 'app-backend', owner: 'mobile' },
] as const;
const STAGES = ['prod', 'staging', 'dev'] as const;
const KINDS = ['db', 'api-token', 'cache'] as const;

/** Three secrets for each service in each stage: mostly well kept, some of the staging and dev ones left behind. */
function perService(): SecretSketch[] {
  return SERVICES.flatMap(({ name, owner }, s) =>
    STAGES.flatMap((stage, t) =>
      KINDS.map((kind, k) => ofService({ stage, name, owner, kind, index: s * 9 + t * 3 + k })),
    ),
  );
}

interface Place {
  readonly stage: (typeof STAGES)[number];
  readonly kind: (typeof KINDS)[number];
  readonly name: string;
  readonly owner: string;
  readonly index: number;
}

function ofService({ stage, kind, name, owner, index }: Place): SecretSketch {
  const leftBehind = stage !== 'prod' && index % 7 === 3;
  const stuck = index % 19 === 5;
  return {
    name: `${stage}/${name}/${kind}`,
    owner,
    region: stage === 'dev' && index % 2 === 1 ? 'us-east-1' : 'eu-central-1',
    age: 120 + ((index * 37) % 400),
    used: leftBehind ? 100 + ((index * 13) % 120) : (index * 5) % 25,
    ...(rotates(stage, kind) ? { rotated: 3 + ((index * 11) % 25) } : {}),
    ...(stuck && rotates(stage, kind) ? { rotated: 58, every: 30 } : {}),
  };
}

function rotates(stage: Place['stage'], kind: Place['kind']): boolean {
  return stage === 'prod' || kind === 'db';
}

export const SECRETS: readonly SecretSketch[] = [...HAND_WRITTEN, ...perService()];
