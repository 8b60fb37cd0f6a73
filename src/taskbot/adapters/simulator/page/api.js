/** The simulator's control interface. One function per request; every failure has a type. */

/** The simulator understood and refused; the message is for a person to read. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** The simulator did not answer: not running, restarting, or too slow. */
export class Unreachable extends Error {}

const PATIENCE = 20_000;

async function call(method, path, { body, signal, patience = PATIENCE } = {}) {
  const limits = [AbortSignal.timeout(patience), ...(signal ? [signal] : [])];
  const request = { method, cache: "no-store", signal: AbortSignal.any(limits) };
  if (body !== undefined) {
    request.headers = { "Content-Type": "application/json" };
    request.body = JSON.stringify(body);
  }
  try {
    const response = await fetch(path, request);
    if (response.ok) return response.status === 204 ? null : await response.json();
    if (response.status >= 500) throw new Unreachable(String(response.status));
    const { error } = await response.json();
    throw new Refused(response.status, error);
  } catch (error) {
    // An abort that we asked for is no failure of the server's.
    if (signal?.aborted || error instanceof Refused || error instanceof Unreachable) throw error;
    throw new Unreachable(error.message);
  }
}

const person = (id) => `/sim/persons/${id}`;

export const everybody = (signal) => call("GET", "/sim/persons", { signal });
export const createPerson = (details) => call("POST", "/sim/persons", { body: details });
export const block = (id) => call("POST", `${person(id)}/block`);
export const unblock = (id) => call("POST", `${person(id)}/unblock`);
export const clearAll = () => call("DELETE", "/sim/state");

/** The bot as this person's Telegram shows it: its words and commands depend on the language. */
export function bot(reader, signal) {
  const query = reader ? `?language=${encodeURIComponent(reader.language_code ?? "")}&person=${reader.id}` : "";
  return call("GET", `/sim/bot${query}`, { signal });
}

/** All that is new, edited or deleted since a revision; waits up to *wait* seconds for something. */
export function changes(id, { since, wait, signal }) {
  return call("GET", `${person(id)}/messages?since=${since}&wait=${wait}`, { signal, patience: wait * 1000 + PATIENCE });
}

/** The messages with higher ids, without waiting. */
export const after = (id, messageId, signal) => call("GET", `${person(id)}/messages?after=${messageId}`, { signal });

/** *contents* as the interface takes them: text, photo, document, location, sticker, reply_to… */
export const send = (id, contents) => call("POST", `${person(id)}/send`, { body: contents, patience: 120_000 });

export const edit = (id, messageId, text) => call("POST", `${person(id)}/edit`, { body: { message_id: messageId, text } });

/** Press a callback button; the answer comes when the bot gives it, or after *wait* seconds without. */
export function press(id, messageId, data, wait = 15) {
  const body = { message_id: messageId, data, wait };
  return call("POST", `${person(id)}/press`, { body, patience: wait * 1000 + PATIENCE });
}

/** What the bot offers to `@bot query`; it may take *wait* seconds. */
export function inline(id, query, wait = 10) {
  return call("POST", `${person(id)}/inline`, { body: { query, wait }, patience: wait * 1000 + PATIENCE });
}

/** Send what was offered. */
export const choose = (id, resultId) => call("POST", `${person(id)}/choose`, { body: { result_id: resultId } });
