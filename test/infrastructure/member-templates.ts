import path from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import type { RotationReach } from '../../lib/infrastructure/rotation/reach.ts';
import { built, templateIn } from './synthesised.ts';

export const root = path.join(import.meta.dirname, '..', '..');
export const { hub, app, templates } = await built({ organizationId: 'o-exampleorgid' });
templates.synth();
export const own = Template.fromStack(hub);
export const member = templateIn(path.join(app.outdir, 'templates'), 'credential-janitor-member');
export const management = templateIn(path.join(app.outdir, 'templates'), 'credential-janitor-management');
export const account = { partition: 'aws', account: '111122223333' };
/** A policy that reads values, finds stores by name and delivers keys. */
export const FARTHEST: RotationReach = { storeNames: ['/iam-users/*'], comparesIds: true, delivers: true };
