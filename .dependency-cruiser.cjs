/**
 * The fences between rooms (docs/architecture.md). `scripts/check-fences.ts` runs them over the code, asserts that
 * modules were read at all, and proves with the canary in test/fences/canary that each fence bites.
 */
const ROOMS = '^lib/';
const useCases = '^lib/(sweep|rotation|requests|break-glass|review)/';
const awsSdk = '(^|node_modules/)@aws-sdk/';

/** A room may import only the named ones (and itself). */
const only = (room, allowed, comment) => ({
  name: `${room}-imports-only-its-neighbours`,
  comment,
  severity: 'error',
  from: { path: `^(test/fences/canary/)?lib/${room}/` },
  to: {
    path: '(^|/)(lib|functions|bin|test|bench)/',
    pathNot: [`(^|/)lib/(${[room, ...allowed].join('|')})/`, 'node_modules'],
  },
});

module.exports = {
  forbidden: [
    only('domain', [], 'The words of the domain depend on no other room.'),
    only('policy', ['domain'], 'Judging is pure: no AWS, no ledger.'),
    only('aws', ['domain'], 'Client factories know nothing of what they are used for.'),
    only('inventory', ['domain', 'aws'], 'Reading knows neither policy nor ledger.'),
    only('actions', ['domain', 'aws'], 'Changing knows neither policy nor ledger.'),
    only('notify', ['domain', 'aws'], 'Delivery knows neither policy nor ledger.'),
    only('identity', ['domain', 'aws'], 'Who calls is found out before anything else.'),
    only('ledger', ['domain', 'aws'], 'The record depends on no use case.'),
    only(
      'sweep',
      ['domain', 'policy', 'aws', 'inventory', 'actions', 'ledger', 'notify', 'identity'],
      'A use case never imports another.',
    ),
    only(
      'rotation',
      ['domain', 'actions', 'ledger'],
      'A rotation walks its steps through actions and records them; sweeps are another use case.',
    ),
    only('api', ['domain'], 'The wire contract depends on the words alone; wiring gives it its service.'),
    only('requests', ['domain', 'ledger'], 'What people ask is decided on their chains and nothing else.'),
    only(
      'break-glass',
      ['domain', 'aws', 'ledger', 'notify', 'identity'],
      'The broker knows grants, STS and the record; the policy reaches it as rules.',
    ),
    only(
      'wiring',
      [
        'domain',
        'policy',
        'aws',
        'inventory',
        'actions',
        'ledger',
        'notify',
        'identity',
        'sweep',
        'rotation',
        'requests',
        'break-glass',
        'api',
        'embedded-aws',
      ],
      'Composition needs no command line.',
    ),
    only('embedded-aws', ['domain'], 'The embedded AWS knows AWS, not the janitor.'),
    only(
      'cli',
      ['domain', 'wiring', 'api', 'policy', 'ledger', 'sweep', 'embedded-aws', 'aws', 'notify', 'inventory'],
      'Commands parse, call and render.',
    ),
    only(
      'infrastructure',
      ['domain', 'policy'],
      'Infrastructure names handlers by path and calls no use case.',
    ),
    {
      name: 'cdk-stays-in-infrastructure',
      comment: 'No CDK in a Lambda bundle or in the command line.',
      severity: 'error',
      from: {
        path: '^(test/fences/canary/)?(lib|bin|functions|bench)/',
        pathNot: ['(^|/)lib/infrastructure/'],
      },
      to: { path: '(^|node_modules/)(aws-cdk-lib|constructs|cdk-nag|aws-cdk)/' },
    },
    {
      name: 'only-the-app-deploys',
      comment: 'bin/app.ts alone builds the infrastructure.',
      severity: 'error',
      from: {
        path: '^(test/fences/canary/)?(lib|bin|functions|bench)/',
        pathNot: ['^bin/app\\.ts$', '(^|/)lib/infrastructure/'],
      },
      to: { path: '(^|/)lib/infrastructure/' },
    },
    {
      name: 'domain-has-small-libraries-only',
      comment: 'domain imports only zod, canonicalize and node:crypto.',
      severity: 'error',
      from: { path: '^(test/fences/canary/)?lib/domain/' },
      to: { pathNot: ['node_modules/(zod|canonicalize)/', '^(node:)?crypto$', '(^|/)lib/'] },
    },
    {
      name: 'what-is-deployed-writes-small-schemas',
      comment: 'zod comes whole; lib/domain/zod.ts is what a cold start can afford (docs/adr/0024).',
      severity: 'error',
      from: {
        path: '^(test/fences/canary/)?(lib|functions)/',
        pathNot: ['(^|/)lib/(cli|embedded-aws|infrastructure)/', '^lib/domain/zod\\.ts$'],
      },
      to: { path: 'node_modules/zod/' },
    },
    {
      name: 'aws-sdk-stays-at-the-edge',
      comment: 'Only the rooms at the edge touch the AWS SDK.',
      severity: 'error',
      from: {
        path: '^(test/fences/canary/)?(lib|bin|functions)/',
        pathNot: [
          '(^|/)lib/(aws|inventory|actions|ledger|identity|notify|break-glass|wiring|embedded-aws|infrastructure)/',
        ],
      },
      to: { path: awsSdk },
    },
    {
      name: 'use-cases-never-import-each-other',
      comment: 'One appends an event, the other reads the projection.',
      severity: 'error',
      from: { path: useCases },
      to: { path: useCases, pathNot: ['^lib/$1/'] },
    },
    {
      name: 'rooms-are-entered-through-their-index',
      comment: 'Other rooms import a room by its index; domain is open file by file.',
      severity: 'error',
      from: { path: '^(?:test/fences/canary/)?lib/([^/]+)/' },
      to: {
        path: '(^|/)lib/(?!domain/)([^/]+)/(?!index\\.ts$).+',
        // What the broker lends is asked for often: its client has an entry of its own, which loads nothing else. S3's
        // client is the largest of all, and functions load it when they need a bucket.
        pathNot: [
          '(^|/)lib/$1/',
          '(^|/)lib/wiring/broker-client/index\\.ts$',
          '(^|/)lib/ledger/s3/index\\.ts$',
          'node_modules',
        ],
      },
    },
    {
      name: 'nobody-imports-the-outermost-rooms',
      comment: 'functions, cli and infrastructure are entry points.',
      severity: 'error',
      from: { path: `${ROOMS}|^test/fences/canary/`, pathNot: ['(^|/)lib/(cli|infrastructure)/'] },
      to: { path: '(^|/)(functions|lib/cli|lib/infrastructure)/' },
    },
    {
      name: 'production-never-imports-tests',
      severity: 'error',
      from: { path: '^(lib|bin|functions)/' },
      to: { path: '^(test|bench)/' },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unresolved',
      severity: 'error',
      from: {},
      // aws-lambda is types alone: @types/aws-lambda, of which nothing is left when types are stripped.
      to: { couldNotResolve: true, pathNot: ['^aws-lambda$'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
      extensions: ['.ts', '.js'],
    },
  },
};
