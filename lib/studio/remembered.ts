/** The last answers, each to a question that is told by its key; an answer that failed is asked for again. */
export class Remembered<Answer> {
  private readonly answers = new Map<string, Promise<Answer>>();

  /** @param most answers that are kept */
  constructor(private readonly most: number) {}

  /** The answer to a question: the one that is known, or the one that `ask` comes to. */
  get(key: string, ask: () => Promise<Answer>): Promise<Answer> {
    const known = this.answers.get(key);
    if (known) return known;
    const asked = ask();
    this.answers.set(key, asked);
    asked.catch(() => this.answers.delete(key));
    if (this.answers.size > this.most) this.answers.delete(this.answers.keys().next().value!);
    return asked;
  }
}
