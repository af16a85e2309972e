import type { Style } from './render/style.ts';
import type { Output } from './terminal.ts';

/** Something long under way, as use cases report it. */
export interface ProgressStep {
  readonly phase: string;
  readonly done: number;
  readonly total?: number;
}

const BAR = 24;
const REDRAW_MS = 80;
const CLEAR_LINE = '\r\u001b[2K';

/** One line on stderr that is drawn over itself; nothing at all when stderr is no terminal. */
export class ProgressBar {
  readonly #output: Output;
  readonly #style: Style;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #phase = '';
  #visible = false;

  constructor(output: Output, style: Style) {
    this.#output = output;
    this.#style = style;
  }

  /** Bound, to be handed on as a callback. */
  readonly show = (step: ProgressStep): void => {
    if (!this.#output.isTTY) return;
    const now = performance.now();
    if (step.phase === this.#phase && now - this.#drawnAt < REDRAW_MS) return;
    this.#drawnAt = now;
    this.#phase = step.phase;
    this.#visible = true;
    void this.#output.write(CLEAR_LINE + this.#line(step));
  };

  async clear(): Promise<void> {
    if (this.#visible) await this.#output.write(CLEAR_LINE);
    this.#visible = false;
  }

  #line({ phase, done, total }: ProgressStep): string {
    const { dim, cyan } = this.#style;
    if (total === undefined || total === 0) return `${dim(phase)} ${done.toLocaleString('en')}`;
    const filled = Math.min(BAR, Math.round((done / total) * BAR));
    const bar = cyan('█'.repeat(filled)) + dim('░'.repeat(BAR - filled));
    return `${bar} ${dim(phase)} ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`;
  }
}
