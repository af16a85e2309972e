import type { Mutant } from './mutant.ts';

const ROTATING = ['test/sweep/rotation', 'test/sweep/guards.test.ts'];

function rotation(name: string, file: string, find: string, replace: string, tests = ROTATING): Mutant {
  return { name: `rotation: ${name}`, file: `lib/${file}`, find, replace, tests };
}

export const ROTATIONS = [
  rotation('begins beside one under way', 'policy/rotation-step.ts', "rotation.state === 'begun' || ", '', [
    'test/policy/rotation.test.ts',
  ]),
  rotation(
    'a key is replaced again and again',
    'policy/rotation-step.ts',
    'replacementOf(rotation) !== undefined',
    'false',
    ['test/policy/rotation.test.ts'],
  ),
  rotation(
    'nobody is told of a failure',
    'policy/next-step.ts',
    'trouble === undefined || toldSince(trouble.at, finding, subject)',
    'true',
    ['test/policy/rotation.test.ts'],
  ),
  rotation(
    'it begins outside its window',
    'policy/rotation-window.ts',
    'if (opening > toMillis(from))',
    'if (false as boolean)',
    ['test/policy/rotation.test.ts'],
  ),
  rotation(
    'a rule may disable what it cannot rotate',
    'policy/step-schema.ts',
    "(kind === 'disable' || kind === 'delete') && before.has('rotate')",
    'false',
    ['test/policy/check-policy.test.ts'],
  ),
  rotation('no pace', 'sweep/rotation/pace.ts', 'return begun < limit', 'return (true as boolean)'),
  rotation(
    'slots of rotations count as destructive',
    'domain/account-chains.ts',
    'if (!isDestructive(event.data.step)) continue;',
    '',
    ['test/sweep/rotation', 'test/domain/account-chains.test.ts'],
  ),
  rotation(
    'a failure stops nothing',
    'sweep/rotation/stop.ts',
    "if (state !== 'failed' || code === NOT_STARTED) return;",
    'return;',
  ),
  rotation(
    'what a person allowed is stopped again',
    'sweep/rotation/stop.ts',
    ' || wasStoppedFor(events, rotationId, at)',
    '',
  ),
  rotation(
    'its begin is not recorded before it is asked for',
    'sweep/rotation/start.ts',
    'current.rotation?.rotationId === rotationId',
    'true',
  ),
  rotation(
    'a rotation that was switched off is switched on',
    'actions/secret-rotation.ts',
    'secret.RotationLambdaARN !== undefined && secret.RotationEnabled === false',
    'false',
  ),
  rotation(
    'keys of anybody are replaced',
    'actions/secret-rotation.ts',
    'tagOf(tags, MANAGED_TAG, false) !== MANAGED',
    'false',
  ),
  rotation(
    'an interrupted walk is forgotten',
    'sweep/rotation/resume.ts',
    "if (rotation?.state !== 'begun' || rotation.by !== 'janitor') return [];",
    'return [];',
  ),
  rotation(
    'a walk that somebody walks is taken up too',
    'sweep/rotation/resume.ts',
    'plus(rotation.at, ABANDONED_AFTER_MS) <= now',
    'true',
  ),
  rotation(
    'its owner is told of a blocked one every day',
    'sweep/rotation/block.ts',
    'current.blocked?.code === code',
    '(false as boolean)',
  ),
  rotation(
    'overdue is not noticed',
    'sweep/rotation/seen.ts',
    'if (now < plus(rotation.begunAt, timeoutMs)) return undefined;',
    'return undefined;',
  ),
];
