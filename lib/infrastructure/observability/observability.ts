import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Watched } from './alarm-row.ts';
import { Alarms } from './alarms.ts';
import { SweepDashboard } from './dashboard.ts';

/** Alarms and the page that shows them with everything they watch. */
export class Observability extends Construct {
  constructor(scope: Construct, id: string, watched: Omit<Watched, 'topic'> & { readonly topic: Topic }) {
    super(scope, id);
    const { alarms } = new Alarms(this, 'Alarms', watched);
    new SweepDashboard(this, 'Dashboard', { ...watched, alarms });
  }
}
