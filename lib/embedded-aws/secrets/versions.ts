import type { SecretVersion } from './state.ts';

export const CURRENT = 'AWSCURRENT';
export const PREVIOUS = 'AWSPREVIOUS';
export const PENDING = 'AWSPENDING';

export function versionWith(versions: readonly SecretVersion[], stage: string): SecretVersion | undefined {
  return versions.find((version) => version.stages.includes(stage));
}

/**
 * The versions after `stage` moved to version `to` (nowhere when undefined). Moving AWSCURRENT puts
 * AWSPREVIOUS on the version that had it.
 */
export function withStageMoved(
  versions: readonly SecretVersion[],
  stage: string,
  to: string | undefined,
): readonly SecretVersion[] {
  const from = versionWith(versions, stage)?.id;
  const moved = versions.map((version) => withStages(version, place(version, stage, to)));
  if (stage !== CURRENT || from === undefined || from === to || to === undefined) return moved;
  return moved.map((version) => withStages(version, place(version, PREVIOUS, from)));
}

function place(version: SecretVersion, stage: string, to: string | undefined): readonly string[] {
  const others = version.stages.filter((each) => each !== stage);
  return version.id === to ? [...others, stage] : others;
}

function withStages(version: SecretVersion, stages: readonly string[]): SecretVersion {
  return { ...version, stages };
}
