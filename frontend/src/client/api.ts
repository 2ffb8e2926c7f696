/**
 * Asking the service. The types come from its OpenAPI document (`make client`); nothing here is written twice.
 *
 *     const row = await told(api.GET("/api/units/{unit_id}", { params: { path: { unit_id } } }));
 *
 * `api` asks again by itself after a login that ran out in between, so that nothing typed is lost. `orders` never does:
 * an order that goes out late may send a vehicle to where nobody needs it any more.
 */

import createClient from "openapi-fetch";
import { loginsSoFar, ordersHeld, sessionEnded } from "./gate";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];
export type Problem = Schemas["Problem"];

/** The longest that anything is waited for; milliseconds. */
const PATIENCE_MS = 10_000;
const UNAUTHORIZED = 401;

/** The service refused: `code` is stable, `message` is its own words. */
export class Refusal extends Error {
  readonly status: number;
  readonly problem: Problem;

  constructor(status: number, problem: Problem) {
    super(problem.detail);
    this.name = "Refusal";
    this.status = status;
    this.problem = problem;
  }

  get code(): string {
    return this.problem.code;
  }
}

/** No answer came: whether the service did what was asked is not known. */
export class NoAnswer extends Error {
  constructor(cause: unknown) {
    super("no answer", { cause });
    this.name = "NoAnswer";
  }
}

/** Our own service; where there is no page, as in tests of what is no component, nothing is asked. */
const HERE = (globalThis.location as Location | undefined)?.origin ?? "http://localhost";

export const api = createClient<paths>({ baseUrl: HERE, fetch: (request) => asked(request, true) });
export const orders = createClient<paths>({ baseUrl: HERE, fetch: (request) => asked(request, false) });

interface Answered<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The answer's content. Raises Refusal or NoAnswer. */
export async function told<T>(answer: Promise<Answered<T>>): Promise<T> {
  const { data, error, response } = await answer.catch((cause: unknown) => {
    throw brokeOff(cause) ? new NoAnswer(cause) : cause;
  });
  if (response.ok) return data as T;
  throw new Refusal(response.status, isProblem(error) ? error : unexplained(response));
}

/** The answer began and did not come to its end: the link was cut in the middle of it. */
function brokeOff(cause: unknown): boolean {
  return cause instanceof TypeError || cause instanceof SyntaxError || cause instanceof DOMException;
}

async function asked(request: Request, askAgain: boolean): Promise<Response> {
  const why = askAgain ? null : ordersHeld();
  if (why !== null) throw new Refusal(0, { ...unexplained(Response.error()), code: "orders.held", detail: why });
  const again = askAgain ? request.clone() : null;
  const before = loginsSoFar();
  const answer = await sent(request);
  if (answer.status !== UNAUTHORIZED || isLogin(request)) return answer;
  if (before !== loginsSoFar()) return again === null ? answer : sent(again);
  const loggedIn = sessionEnded();
  if (again === null) {
    loggedIn.catch(() => undefined);
    return answer;
  }
  await loggedIn;
  return sent(again);
}

async function sent(request: Request): Promise<Response> {
  try {
    return await fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(PATIENCE_MS)]) });
  } catch (cause) {
    throw new NoAnswer(cause);
  }
}

function isLogin(request: Request): boolean {
  return new URL(request.url).pathname === "/api/session";
}

function isProblem(error: unknown): error is Problem {
  return typeof error === "object" && error !== null && "code" in error && "detail" in error;
}

function unexplained(response: Response): Problem {
  const { pathname } = new URL(response.url || location.href);
  return {
    type: "about:blank",
    title: response.statusText,
    status: response.status,
    detail: `${response.status} ${response.statusText}`,
    instance: pathname,
    code: "unexplained",
    hint: "",
    errors: [],
  };
}
