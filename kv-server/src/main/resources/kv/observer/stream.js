// The node's events. This is no EventSource: that does not tell why a node refuses it, asks no
// more after some refusals, and does not notice that a laptop slept while the connection died.

const SILENCE = 15_000; // a node sends a sample each second
const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 30_000;
const LARGEST_EVENT = 32 * 1024 * 1024; // characters; a thousand reports with long reasons are less

/**
 * Reads text/event-stream from an address for ever. Calls `on[event](data)` for each event, and
 * `tell({state, text})` when the state changes: "connecting", "live", "waiting" to try
 * again by itself, or "refused", which waits for connect().
 */
export class Stream {
  #address;
  #on;
  #tell;
  #abort = null;
  #silence = 0;
  #retry = 0;
  #wait = FIRST_WAIT;

  constructor(address, on, tell) {
    this.#address = address;
    this.#on = on;
    this.#tell = tell;
    // who comes back to a page that waits has waited long enough
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && this.#retry) this.connect();
    });
  }

  async connect() {
    clearTimeout(this.#retry);
    this.#retry = 0;
    this.#abort?.abort();
    const abort = (this.#abort = new AbortController());
    this.#tell({ state: "connecting", text: "" });
    this.#heard(abort);
    try {
      const response = await fetch(this.#address, {
        headers: { Accept: "text/event-stream" },
        cache: "no-store",
        signal: abort.signal,
      });
      if (!response.ok) await this.#refused(response);
      else await this.#read(response.body, abort);
    } catch (e) {
      if (this.#abort === abort) this.#later(String(e.message ?? e)); // else a newer one goes on
    } finally {
      if (this.#abort === abort) clearTimeout(this.#silence);
    }
  }

  async #refused(response) {
    const text = (await response.text()).trim().slice(0, 300) || response.statusText;
    if (response.status !== 401 && response.status !== 403)
      throw new Error(response.status === 503 ? `too many pages: ${text}` : text);
    // asking again would look like somebody who guesses passwords
    const said = `The node refuses this page (${response.status}): ${text}`;
    this.#tell({ state: "refused", text: said });
  }

  async #read(body, abort) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) throw new Error("the node closed the stream");
      this.#heard(abort);
      const events = (rest + value.replaceAll("\r", "")).split("\n\n");
      rest = events.pop();
      if (rest.length > LARGEST_EVENT) throw new Error("the node sent an event that is too long");
      for (const event of events) this.#dispatch(event);
    }
  }

  #dispatch(event) {
    let name = "message";
    const data = [];
    for (const line of event.split("\n")) {
      if (line.startsWith("event:")) name = line.slice(6).trim();
      else if (line.startsWith("data:")) data.push(line.slice(5));
    }
    if (!data.length || !Object.hasOwn(this.#on, name)) return; // a comment, or a newer node
    this.#on[name](JSON.parse(data.join("\n")));
    if (name !== "hello") return;
    this.#wait = FIRST_WAIT;
    this.#tell({ state: "live", text: "" });
  }

  #heard(abort) {
    clearTimeout(this.#silence);
    const silent = new Error(`the node has said nothing for ${SILENCE / 1000} s`);
    this.#silence = setTimeout(() => abort.abort(silent), SILENCE);
  }

  #later(text) {
    this.#tell({ state: "waiting", text });
    this.#retry = setTimeout(() => this.connect(), this.#wait);
    this.#wait = Math.min(2 * this.#wait, LONGEST_WAIT);
  }
}
