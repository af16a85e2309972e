/**
 * Three-valued answers (Kleene's strong logic): a fact that is missing is neither yes nor no (G22).
 * Every answer carries the sentence that explains it.
 */
export interface Answer {
  readonly is: 'yes' | 'no' | 'unknown';
  readonly why: string;
}

export function yes(why: string): Answer {
  return { is: 'yes', why };
}

export function no(why: string): Answer {
  return { is: 'no', why };
}

export function unsure(why: string): Answer {
  return { is: 'unknown', why };
}

export function answer(holds: boolean, why: string): Answer {
  return { is: holds ? 'yes' : 'no', why };
}

/** One question about a subject. */
export type Question<S> = (subject: S) => Answer;

/** Yes when all are; one `no` decides, whatever is unknown. The first `no` is the explanation. */
export function all<S>(questions: readonly Question<S>[]): Question<S> {
  return (subject) => {
    const found: Answer[] = [];
    for (const question of questions) {
      const given = question(subject);
      if (given.is === 'no') return given;
      found.push(given);
    }
    const open = found.filter((given) => given.is === 'unknown');
    return open.length > 0 ? unsure(joined(open)) : yes(joined(found));
  };
}

/** Yes when one is; one `yes` decides, whatever is unknown. */
export function any<S>(questions: readonly Question<S>[]): Question<S> {
  return (subject) => {
    const found: Answer[] = [];
    for (const question of questions) {
      const given = question(subject);
      if (given.is === 'yes') return given;
      found.push(given);
    }
    const open = found.filter((given) => given.is === 'unknown');
    return open.length > 0 ? unsure(joined(open)) : no(joined(found));
  };
}

/** Swaps yes and no; unknown stays unknown. The explanation states facts and so stays true. */
export function not<S>(question: Question<S>): Question<S> {
  return (subject) => {
    const { is, why } = question(subject);
    if (is === 'unknown') return unsure(why);
    return answer(is === 'no', why);
  };
}

function joined(answers: readonly Answer[]): string {
  return answers.map((given) => given.why).join('; ');
}
