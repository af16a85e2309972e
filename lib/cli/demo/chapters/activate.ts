import { activationText } from '../../commands/policy-activate.ts';
import type { Demo } from '../demo.ts';

/** The policy does not authorise itself. */
export async function activate(demo: Demo): Promise<void> {
  const { narrator, policies } = demo;
  await narrator.chapter(
    demo.day(0),
    'Nobody may act alone, not even the policy',
    `A policy only observes until people activate exactly this version of it, by its hash. Ana activates a first version that observes. To let it act, she proposes a second one, and two others have to agree.`,
  );
  await step(demo, 'ana', policies.observing);
  await step(demo, 'ana', policies.enforcing);
  await step(demo, 'ben', policies.enforcing);
  await step(demo, 'carla', policies.enforcing);
}

async function step(demo: Demo, person: 'ana' | 'ben' | 'carla', policyDir: string): Promise<void> {
  await demo.narrator.command(`janitor policy activate     (as ${person})`);
  await demo.narrator.output(
    activationText(
      await demo.wiring.activatePolicy(await demo.person(person, policyDir)),
      demo.session.style,
    ),
  );
}
