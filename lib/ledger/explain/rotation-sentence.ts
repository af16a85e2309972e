import type { RotationEvent } from '../../domain/rotation.ts';
import { because, under, who } from './say.ts';

const TRIGGERS = {
  step: 'as a step of the policy',
  schedule: 'on the schedule of its secret',
  person: 'because a person asked for it',
} as const;

/** One event of a rotation; where the new value is, never what it is. */
export function rotationSentence(event: RotationEvent): string {
  const { rotationId } = event.data;
  switch (event.type) {
    case 'rotation.begun':
      return `${who(event.actor)} began rotation ${rotationId}${under(event)}, ${TRIGGERS[event.data.trigger]}${because(event)}; the new value goes into ${event.data.secretId}.`;
    case 'rotation.resumed':
      return `${who(event.actor)} went on with rotation ${rotationId}${because(event)}.`;
    case 'rotation.key-created':
      return `Rotation ${rotationId} made the access key ${event.data.accessKeyId}.`;
    case 'rotation.key-removed':
      return `Rotation ${rotationId} removed the access key ${event.data.accessKeyId}${because(event)}; nobody had received it.`;
    case 'rotation.finished':
      return `Rotation ${rotationId} finished: the new value was tested and is the current one of ${event.data.secretId}${successor(event.data.accessKeyId)}.`;
    case 'rotation.failed':
      return `Rotation ${rotationId} into ${event.data.secretId} failed with ${event.data.code}${because(event)}; the value before it is still the current one.`;
  }
}

function successor(accessKeyId: string | undefined): string {
  return accessKeyId === undefined ? '' : `; the access key ${accessKeyId} takes the place of this one`;
}
