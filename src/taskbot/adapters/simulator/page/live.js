/** Staying up to date: long polling and regular questions, both with backoff while the server is away. */

import * as api from "./api.js";

const LONGEST_WAIT = 25; // seconds
const HIDDEN_PAUSE = 5_000; // a hidden tab asks now and then, and leaves the connections to the others
const FIRST_BACKOFF = 500;
const LONGEST_BACKOFF = 10_000;

/** Wait; end early when the page is looked at again, the network is back, or *signal* aborts. */
export function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const wake = new AbortController();
    const end = () => {
      clearTimeout(timer);
      wake.abort();
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    const options = { signal: wake.signal };
    addEventListener("online", end, options);
    document.addEventListener("visibilitychange", end, options);
    signal?.addEventListener("abort", end, options);
  });
}

/** Doubling, with jitter so that several tabs do not come back in step. */
function backoff(failures) {
  const longest = Math.min(FIRST_BACKOFF * 2 ** (failures - 1), LONGEST_BACKOFF);
  return longest * (0.75 + Math.random() / 2);
}

/**
 * Follow one person's chat until the returned function is called.
 *
 * `onAll` gets the whole chat, at first and after each interruption: the server may have restarted
 * with another past. `onChanges` gets what changed since, `onGone` means that the person is no more.
 */
export function follow(personId, { onAll, onChanges, onGone, onConnection }) {
  const stop = new AbortController();
  const { signal } = stop;

  async function step(since) {
    const wait = since === null || document.hidden ? 0 : LONGEST_WAIT;
    const asked = performance.now();
    const messages = await api.changes(personId, { since: since ?? 0, wait, signal });
    if (signal.aborted) return since;
    onConnection(true);
    if (since === null) onAll(messages);
    else if (messages.length) onChanges(messages);
    // A server that is about to stop answers every wait at once; do not hammer it.
    else if (document.hidden) await pause(HIDDEN_PAUSE, signal);
    else if (performance.now() - asked < 1000) await pause(1000, signal);
    return messages.reduce((highest, message) => Math.max(highest, message.revision), since ?? 0);
  }

  async function run() {
    let since = null;
    let failures = 0;
    while (!signal.aborted) {
      try {
        since = await step(since);
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof api.Refused && error.status === 404) return onGone();
        if (!(error instanceof api.Refused || error instanceof api.Unreachable)) throw error;
        since = null;
        failures += 1;
        onConnection(false);
        await pause(backoff(failures), signal);
      }
    }
  }

  run();
  return () => stop.abort();
}

/** Ask again and again; `soon()` asks at once, as often as it is called while a question is open. */
export function repeat(ask, { every, onConnection }) {
  let wake = new AbortController();
  let isWanted = false;

  async function run() {
    let failures = 0;
    while (true) {
      isWanted = false;
      try {
        await ask();
        failures = 0;
        onConnection(true);
      } catch (error) {
        if (!(error instanceof api.Refused || error instanceof api.Unreachable)) console.error(error);
        failures += 1;
        onConnection(false);
      }
      wake = new AbortController();
      if (!isWanted || failures) {
        await pause(failures ? backoff(failures) : document.hidden ? HIDDEN_PAUSE : every, wake.signal);
      }
    }
  }

  run();
  return {
    soon() {
      isWanted = true;
      wake.abort();
    },
  };
}
