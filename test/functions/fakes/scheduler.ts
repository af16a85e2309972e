import * as z from 'zod';
import { type FakeAnswer, type FakeRequest, type FakeService, json, jsonError } from './exchange.ts';

const input = z.looseObject({
  GroupName: z.string(),
  ScheduleExpression: z.string().regex(/^at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)$/),
  Target: z.looseObject({ Arn: z.string(), RoleArn: z.string(), Input: z.string() }),
});
export type FakeSchedule = z.infer<typeof input> & { readonly name: string };

/** EventBridge Scheduler as far as making one-time schedules goes. */
export class FakeScheduler implements FakeService {
  readonly schedules: FakeSchedule[] = [];
  /** It takes none. */
  broken = false;

  operationOf({ method, path }: FakeRequest): string | undefined {
    return method === 'POST' && path.startsWith('/schedules/') ? 'CreateSchedule' : undefined;
  }

  answer(_operation: string, { path, body }: FakeRequest): FakeAnswer {
    if (this.broken) return jsonError(400, 'ServiceQuotaExceededException', 'There are too many.');
    const parsed = input.safeParse(JSON.parse(body.toString()));
    if (!parsed.success) return jsonError(400, 'ValidationException', z.prettifyError(parsed.error));
    const name = decodeURIComponent(path.slice('/schedules/'.length));
    if (this.schedules.some((each) => each.name === name)) {
      return jsonError(409, 'ConflictException', `Schedule ${name} already exists.`);
    }
    this.schedules.push({ ...parsed.data, name });
    return json(200, { ScheduleArn: `arn:aws:scheduler:eu-central-1:1:schedule/${name}` });
  }
}
