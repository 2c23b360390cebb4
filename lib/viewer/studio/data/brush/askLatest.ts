/** What becomes of the questions. */
interface Hearing<Question, Answer> {
  ask(question: Question): Promise<Answer>;
  hear(answer: Answer, question: Question): void;
  fail(error: unknown): void;
}

/** Asks one question at a time; of those that come while one is asked, the last. */
export function askLatest<Question, Answer>({ ask, hear, fail }: Hearing<Question, Answer>) {
  let isAsking = false;
  let waiting: { question: Question } | undefined;
  const next = async (question: Question): Promise<void> => {
    isAsking = true;
    await ask(question).then((answer) => hear(answer, question), fail);
    isAsking = false;
    const { question: later } = waiting ?? {};
    waiting = undefined;
    if (later !== undefined) void next(later);
  };
  return (question: Question): void => {
    if (isAsking) waiting = { question };
    else void next(question);
  };
}
