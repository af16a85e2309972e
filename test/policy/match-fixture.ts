import type { Credential } from '../../lib/domain/credential.ts';
import type { CredentialHistory } from '../../lib/domain/history.ts';
import { accessKey, type CredentialOverrides } from '../builders/credential.ts';
import { judged, ruleData } from './policy-fixture.ts';

const party = {
  id: 'acme',
  organisation: 'Acme',
  contact: 'a@acme.example',
  sponsor: 'ana',
  contractEnds: '2026-09-30',
  paths: ['/acme/'],
  tags: { vendor: 'acme' },
};
const directory = { externalParties: [party] };

/** What one match says of one credential. */
export function asked(
  match: Record<string, unknown>,
  credential: Credential,
  exclude?: Record<string, unknown>,
  past?: CredentialHistory,
): string {
  const { kind } = credential;
  const rule = ruleData({
    credential: kind,
    match,
    steps: ['notify'],
    ...(exclude === undefined ? {} : { exclude }),
  });
  const given = { janitor: { rules: [rule] }, directory, ...(past === undefined ? {} : { history: past }) };
  const { findings } = judged(given, credential);
  return findings[0]?.matches ?? 'no';
}

export const denied = { unknown: 'the call was denied' };
export const key = (facts: CredentialOverrides['facts'] = {}): Credential => accessKey({ facts });
