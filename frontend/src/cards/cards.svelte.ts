/** The complaint cards in force: data of the service, read once and again when it says that they have changed. */

import { api, told, type Schemas } from "../client/api";
import { findCards, type Card } from "./search";

export type CardSet = Schemas["CardSetOut"];
export type Instruction = Schemas["InstructionOut"];

class Cards {
  set = $state.raw<CardSet | null>(null);
  readonly #cards: ReadonlyMap<string, Card> = $derived(byId(this.set?.cards ?? []));
  readonly #questions: ReadonlyMap<string, Schemas["QuestionOut"]> = $derived(byId(this.set?.questions ?? []));
  readonly #instructions: ReadonlyMap<string, Instruction> = $derived(
    new Map(this.set?.instructions.map((one) => [one.key, one]) ?? []),
  );

  async load(): Promise<void> {
    this.set = await told(api.GET("/api/cards"));
  }

  card(id: string): Card | undefined {
    return this.#cards.get(id);
  }

  question(id: string): Schemas["QuestionOut"] | undefined {
    return this.#questions.get(id);
  }

  instruction(key: string): Instruction | undefined {
    return this.#instructions.get(key);
  }

  find(typed: string): Card[] {
    return findCards(this.set?.cards ?? [], typed);
  }
}

function byId<T extends { id: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((one) => [one.id, one]));
}

export const cards = new Cards();
